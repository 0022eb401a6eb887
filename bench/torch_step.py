"""The training step of TrainStep.java in PyTorch, one thread, to be run in turns with it: torch_step.py [STEPS].

The same sizes, initial values, loss, optimiser and batch (by distribution, not bit by bit), written for speed where
PyTorch leaves a choice: queries, keys and values in one product, batched products over all heads, in-place where
autograd allows it.
"""

import math
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH, SIDE, PATCH, CONTEXT, VOCABULARY = 128, 32, 8, 16, 2048
WIDTH, LAYERS, HEADS, EMBEDDING = 128, 4, 4, 128
IMAGE_TOKENS = (SIDE // PATCH) ** 2 + 1
RATE, DECAY, WARM_UP = 5e-4, 0.1, 10


def normal(std, *shape):
    return nn.Parameter(torch.randn(*shape) * std)


class Block(nn.Module):
    """x += attention(norm(x)); x += mlp(norm(x)), with QuickGELU."""

    def __init__(self, mask):
        super().__init__()
        self.mask = mask
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.widen, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        residual = (2 * LAYERS * WIDTH) ** -0.5
        stds = (WIDTH**-0.5, residual, (2 * WIDTH) ** -0.5, residual)
        for linear, std in zip((self.qkv, self.out, self.widen, self.narrow), stds):
            nn.init.normal_(linear.weight, std=std)
            nn.init.zeros_(linear.bias)

    def attention(self, x):
        batch, tokens, _ = x.shape
        head = WIDTH // HEADS
        qkv = self.qkv(x).view(batch, tokens, 3, HEADS, head).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.reshape(3, batch * HEADS, tokens, head).unbind(0)
        if self.mask is None:
            scores = torch.bmm(q * head**-0.5, k.transpose(1, 2))
        else:
            scores = torch.baddbmm(self.mask, q, k.transpose(1, 2), alpha=head**-0.5)
        y = torch.bmm(scores.softmax(-1), v).view(batch, HEADS, tokens, head)
        return self.out(y.transpose(1, 2).reshape(batch, tokens, WIDTH))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        wide = self.widen(self.norm2(x))
        return x + self.narrow(wide * torch.sigmoid(1.702 * wide))


class Clip(nn.Module):
    """Picture and text encoder, and the logarithm of the scale."""

    def __init__(self):
        super().__init__()
        std = WIDTH**-0.5
        self.patches = nn.Conv2d(3, WIDTH, PATCH, PATCH, bias=False)
        nn.init.normal_(self.patches.weight, std=(3 * PATCH * PATCH) ** -0.5)
        self.token = normal(std, WIDTH)
        self.image_positions = normal(std, IMAGE_TOKENS, WIDTH)
        self.norm_before, self.norm_after = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.visual = nn.Sequential(*(Block(None) for _ in range(LAYERS)))
        self.image_projection = normal(std, WIDTH, EMBEDDING)
        mask = torch.full((1, CONTEXT, CONTEXT), -math.inf).triu(1)
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        nn.init.normal_(self.words.weight, std=0.02)
        self.text_positions = normal(0.01, CONTEXT, WIDTH)
        self.text = nn.Sequential(*(Block(mask) for _ in range(LAYERS)))
        self.norm_text = nn.LayerNorm(WIDTH)
        self.text_projection = normal(std, WIDTH, EMBEDDING)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def images(self, pixels):
        cells = self.patches(pixels).flatten(2).transpose(1, 2)
        x = torch.cat((self.token.expand(len(cells), 1, WIDTH), cells), 1) + self.image_positions
        y = self.visual(self.norm_before(x))[:, 0]
        return F.normalize(self.norm_after(y) @ self.image_projection, dim=-1)

    def texts(self, ids):
        y = self.text(self.words(ids) + self.text_positions)
        last = y[torch.arange(len(ids)), ids.argmax(-1)]
        return F.normalize(self.norm_text(last) @ self.text_projection, dim=-1)

    def loss(self, pixels, ids):
        logits = self.logit_scale.exp() * self.images(pixels) @ self.texts(ids).t()
        targets = torch.arange(len(ids))
        return (F.cross_entropy(logits, targets) + F.cross_entropy(logits.t(), targets)) / 2


def main():
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    torch.set_num_threads(1)
    torch.manual_seed(7)
    model = Clip()
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}], lr=RATE
    )
    pixels = torch.randn(BATCH, 3, SIDE, SIDE)
    ids = torch.randint(VOCABULARY - 1, (BATCH, CONTEXT))
    ids[:, -1] = VOCABULARY - 1

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = model.loss(pixels, ids)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, math.log(100))
        return loss.item()

    first = step()
    for _ in range(WARM_UP - 1):
        step()
    last, cpu, wall = first, [], []
    for _ in range(steps):
        wall_start, cpu_start = time.perf_counter(), time.thread_time()
        last = step()
        cpu.append(time.thread_time() - cpu_start)
        wall.append(time.perf_counter() - wall_start)
    if not last < first:
        sys.exit(f"torch_step.py: the loss went from {first} to {last} on a single batch; nothing timed")
    print(
        f"torch-{torch.__version__} {BATCH / statistics.median(cpu):.1f} images/s of thread CPU time"
        f" ({BATCH / statistics.median(wall):.1f} by the clock), median of {steps} steps of {BATCH};"
        f" loss {first:.3f} to {last:.3f}"
    )


if __name__ == "__main__":
    main()
