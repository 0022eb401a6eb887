#!/usr/bin/env python3
"""What communication costs in a training step of several processes: a model on paper, with its formulas.

A step of K processes sums P gradients and gathers the embeddings of B pairs; a model with batch norm also exchanges the moments of
every channel, forward and backward. With n bytes and K processes, each process sends and receives

    gradients   2 (K-1)/K 4 P                     reduce-scatter, then all-gather; 2 (K-1) messages a chunk of 4 MiB
    embeddings  (K-1)/K 4 (2 V B E)               images and captions in V views; 2 (K-1) messages
    moments     2 (K-1) 4 (C + L)                 C channels in L layers: sums twice; 2 L (K-1) messages

    time        bytes / bandwidth + messages * latency, and 8 P + 8 P bytes over PCIe (gradients to the host and back)

The loss of all B pairs is computed in every process: 3 * 2 * 2 B^2 E multiply-adds * 2, next to 3 F V B / K for the encoders,
where F is the forward pass of a pair. Nothing is overlapped with the backward pass.

usage: bench/communication.py [--batch 512] [--views 2] [--tflops 20]
"""

import argparse

# name: parameters, E, channels and layers of batch norm, forward FLOP of a pair at 224 pixels and 77 tokens
MODELS = {
    "RN50": (102.0e6, 1024, 26_624, 55, 18.2e9),
    "ViT-B/32": (151.3e6, 512, 0, 0, 14.8e9),
}
# name: bytes a second in each direction, seconds of a message
LINKS = {
    "25 Gbit/s Ethernet": (25e9 / 8 * 0.9, 30e-6),
    "100 Gbit/s Ethernet": (100e9 / 8 * 0.9, 20e-6),
    "one machine, memory": (8e9, 3e-6),
}
PCIE = 12e9  # bytes a second, measured rates of PCIe 3.0 x16 and of pageable memory on 4.0
CHUNK = 4 << 20


def communication(model, link, processes, batch, views):
    """Seconds that the exchange of a step takes, by part."""
    parameters, width, channels, layers, _ = MODELS[model]
    bandwidth, latency = LINKS[link]
    others = processes - 1
    gradients = 2 * others / processes * 4 * parameters
    chunks = -(-4 * parameters // CHUNK)
    embeddings = others / processes * 4 * 2 * views * batch * width
    moments = 2 * others * 4 * (2 * channels + layers)
    return {
        "gradients": gradients / bandwidth + 2 * others * chunks * latency,
        "embeddings": embeddings / bandwidth + 2 * others * latency,
        "moments": moments / bandwidth + 2 * layers * others * latency,
        "PCIe": 16 * parameters / PCIE,
    }


def compute(model, processes, batch, views, flops):
    """Seconds of the encoders of a process, and of the loss that each computes for all pairs."""
    _, width, _, _, forward = MODELS[model]
    encoders = 3 * forward * views * batch / processes
    loss = 3 * 2 * 2 * batch * batch * width
    return encoders / flops, loss / flops


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batch", type=int, default=512, help="pairs of a step, of all processes together")
    parser.add_argument("--views", type=int, default=2, help="views of a pair in a step")
    parser.add_argument("--tflops", type=float, default=20, help="sustained TFLOP/s of a GPU in float32")
    options = parser.parse_args()
    print(f"batch {options.batch}, {options.views} views, {options.tflops:g} TFLOP/s a GPU; milliseconds of a step\n")
    print("| model | link | GPUs | encoders | loss | gradients | embeddings | moments | PCIe | communication | speed-up |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for model in MODELS:
        for link in LINKS:
            for processes in (2, 8, 32):
                if "memory" in link and processes > 8:
                    continue
                encoders, loss = compute(model, processes, options.batch, options.views, options.tflops * 1e12)
                parts = communication(model, link, processes, options.batch, options.views)
                exchange = sum(parts.values())
                step = encoders + loss + exchange
                alone = sum(compute(model, 1, options.batch, options.views, options.tflops * 1e12))
                cells = [encoders, loss, *parts.values()]
                print(
                    f"| {model} | {link} | {processes} | "
                    + " | ".join(f"{1e3 * x:.1f}" for x in cells)
                    + f" | {exchange / step:.0%} | {alone / step:.1f} |"
                )


if __name__ == "__main__":
    main()
