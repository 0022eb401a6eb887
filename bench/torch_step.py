"""The training step of TrainStep.java in PyTorch: torch_step.py tiny|small|base THREADS [channels-last].

Takes a step for every line it reads and answers with its thread CPU time and its time by the clock, in nanoseconds, and
the loss. The same sizes, initial values, loss, optimiser and batch (by distribution, not bit by bit), written for speed where
PyTorch leaves a choice: queries, keys and values in one product, batched products over all heads, in-place where
autograd allows it.
"""

import math
import sys
import time
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional as F

BATCH, SIDE, VOCABULARY, EMBEDDING = 128, 32, 2048, 128
RATE, DECAY = 5e-4, 0.1


class Sizes(NamedTuple):
    """Of one transformer."""

    tokens: int
    width: int
    layers: int
    heads: int


# image encoder: side of a patch and sizes, or channels of convolutions; text encoder
MODELS = {
    "tiny": ((32, 64, 128, 192), None, Sizes(32, 64, 1, 2)),
    "small": (8, Sizes(17, 128, 4, 4), Sizes(16, 128, 4, 4)),
    "base": (4, Sizes(65, 192, 6, 3), Sizes(32, 128, 4, 4)),
}


def normal(std, *shape):
    return nn.Parameter(torch.randn(*shape) * std)


class Block(nn.Module):
    """x += attention(norm(x)); x += mlp(norm(x)), with QuickGELU."""

    def __init__(self, sizes, mask):
        super().__init__()
        self.mask, self.heads = mask, sizes.heads
        width = sizes.width
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        residual = (2 * sizes.layers * width) ** -0.5
        stds = (width**-0.5, residual, (2 * width) ** -0.5, residual)
        for linear, std in zip((self.qkv, self.out, self.widen, self.narrow), stds):
            nn.init.normal_(linear.weight, std=std)
            nn.init.zeros_(linear.bias)

    def attention(self, x):
        batch, tokens, width = x.shape
        head = width // self.heads
        qkv = self.qkv(x).view(batch, tokens, 3, self.heads, head).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.reshape(3, batch * self.heads, tokens, head).unbind(0)
        if self.mask is None:
            scores = torch.bmm(q * head**-0.5, k.transpose(1, 2))
        else:
            scores = torch.baddbmm(self.mask, q, k.transpose(1, 2), alpha=head**-0.5)
        y = torch.bmm(scores.softmax(-1), v).view(batch, self.heads, tokens, head)
        return self.out(y.transpose(1, 2).reshape(batch, tokens, width))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        wide = self.widen(self.norm2(x))
        return x + self.narrow(wide * torch.sigmoid(1.702 * wide))


class VisionTransformer(nn.Module):
    """Square patches and a class token."""

    def __init__(self, patch, sizes):
        super().__init__()
        std = sizes.width**-0.5
        self.patches = nn.Conv2d(3, sizes.width, patch, patch, bias=False)
        nn.init.normal_(self.patches.weight, std=(3 * patch * patch) ** -0.5)
        self.token = normal(std, sizes.width)
        self.positions = normal(std, sizes.tokens, sizes.width)
        self.norm_before, self.norm_after = nn.LayerNorm(sizes.width), nn.LayerNorm(sizes.width)
        self.blocks = nn.Sequential(*(Block(sizes, None) for _ in range(sizes.layers)))
        self.projection = normal(std, sizes.width, EMBEDDING)

    def forward(self, pixels):
        cells = self.patches(pixels).flatten(2).transpose(1, 2)
        x = torch.cat((self.token.expand(len(cells), 1, -1), cells), 1) + self.positions
        return self.norm_after(self.blocks(self.norm_before(x))[:, 0]) @ self.projection


class ConvNet(nn.Module):
    """3x3 convolutions of stride 2 with batch norm, and a projection of all that is left."""

    def __init__(self, channels):
        super().__init__()
        stages = []
        for before, after in zip((3, *channels), channels):
            conv = nn.Conv2d(before, after, 3, 2, 1, bias=False)
            nn.init.normal_(conv.weight, std=(2 / (before * 9)) ** 0.5)
            stages += [conv, nn.BatchNorm2d(after), nn.ReLU(inplace=True)]
        self.stages = nn.Sequential(*stages)
        flat = channels[-1] * (SIDE >> len(channels)) ** 2
        self.norm = nn.LayerNorm(flat)
        self.projection = normal(flat**-0.5, flat, EMBEDDING)

    def forward(self, pixels):
        return self.norm(self.stages(pixels).flatten(1)) @ self.projection


class Clip(nn.Module):
    """Image and text encoder, and the logarithm of the scale."""

    def __init__(self, cells, image, text):
        super().__init__()
        self.visual = ConvNet(cells) if image is None else VisionTransformer(cells, image)
        mask = torch.full((1, text.tokens, text.tokens), -math.inf).triu(1)
        self.words = nn.Embedding(VOCABULARY, text.width)
        nn.init.normal_(self.words.weight, std=0.02)
        self.text_positions = normal(0.01, text.tokens, text.width)
        self.text = nn.Sequential(*(Block(text, mask) for _ in range(text.layers)))
        self.norm_text = nn.LayerNorm(text.width)
        self.text_projection = normal(text.width**-0.5, text.width, EMBEDDING)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def images(self, pixels):
        return F.normalize(self.visual(pixels), dim=-1)

    def texts(self, ids):
        y = self.text(self.words(ids) + self.text_positions)
        last = y[torch.arange(len(ids)), ids.argmax(-1)]
        return F.normalize(self.norm_text(last) @ self.text_projection, dim=-1)

    def loss(self, pixels, ids):
        logits = self.logit_scale.exp() * self.images(pixels) @ self.texts(ids).t()
        targets = torch.arange(len(ids))
        return (F.cross_entropy(logits, targets) + F.cross_entropy(logits.t(), targets)) / 2


def main():
    cells, image, text = MODELS[sys.argv[1]]
    layout = torch.channels_last if sys.argv[3:] == ["channels-last"] else torch.contiguous_format
    torch.set_num_threads(int(sys.argv[2]))
    torch.manual_seed(7)
    model = Clip(cells, image, text).to(memory_format=layout)
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}], lr=RATE
    )
    pixels = torch.randn(BATCH, 3, SIDE, SIDE).to(memory_format=layout)
    ids = torch.randint(VOCABULARY - 1, (BATCH, text.tokens))
    ids[:, -1] = VOCABULARY - 1

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = model.loss(pixels, ids)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, math.log(100))
        return loss.item()

    for _ in sys.stdin:
        wall, cpu = time.perf_counter_ns(), time.thread_time_ns()
        loss = step()
        print(time.thread_time_ns() - cpu, time.perf_counter_ns() - wall, f"{loss:.6f}", flush=True)


if __name__ == "__main__":
    main()
