"""The steps and kernels of GpuBenchmark.java in PyTorch on a CUDA device.

Prints its version and device, then answers every line it reads, "PRECISION SECONDS CASE SIZE...", with the median
milliseconds of about that many seconds, or with "-" where PyTorch has no equivalent. Precisions: float32, tf32 (products
and convolutions), bfloat16 (autocast; for kernels the operands). By hand: echo float32 1 step base 128 | python3 torch_gpu.py
"""

import math
import statistics
import sys
import time

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError:
    print("no PyTorch: this Python cannot import torch", flush=True)
    sys.exit(0)

RATE, DECAY = 5e-4, 0.1


# ---- models, as in org.safeclip.model


class Block(nn.Module):
    """x += attention(norm(x)); x += mlp(norm(x)), with QuickGELU."""

    def __init__(self, width, heads, causal):
        super().__init__()
        self.heads, self.causal = heads, causal
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(batch, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        x = x + self.out(y.transpose(1, 2).reshape(batch, tokens, width))
        wide = self.widen(self.norm2(x))
        return x + self.narrow(wide * torch.sigmoid(1.702 * wide))


class VisionTransformer(nn.Module):
    def __init__(self, side, patch, width, layers, heads, embedding):
        super().__init__()
        tokens = (side // patch) ** 2 + 1
        self.patches = nn.Conv2d(3, width, patch, patch, bias=False)
        self.token = nn.Parameter(torch.randn(width) * width**-0.5)
        self.positions = nn.Parameter(torch.randn(tokens, width) * width**-0.5)
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.blocks = nn.Sequential(*(Block(width, heads, False) for _ in range(layers)))
        self.projection = nn.Parameter(torch.randn(width, embedding) * width**-0.5)

    def forward(self, x):
        cells = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.token.expand(len(cells), 1, -1), cells), 1) + self.positions
        return self.after(self.blocks(self.before(x))[:, 0]) @ self.projection


class ConvNet(nn.Module):
    """3x3 convolutions of stride 2, each with batch norm and ReLU; layer norm and a projection."""

    def __init__(self, side, channels, embedding):
        super().__init__()
        layers, before = [], 3
        for after in channels:
            layers += [nn.Conv2d(before, after, 3, 2, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
            before, side = after, side // 2
        self.stages = nn.Sequential(*layers)
        flat = before * side * side
        self.norm = nn.LayerNorm(flat)
        self.projection = nn.Parameter(torch.randn(flat, embedding) * flat**-0.5)

    def forward(self, x):
        return self.norm(self.stages(x).flatten(1)) @ self.projection


class Bottleneck(nn.Module):
    def __init__(self, channels, planes, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, planes, 1, bias=False)
        self.conv2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.conv3 = nn.Conv2d(planes, 4 * planes, 1, bias=False)
        self.norm1, self.norm2, self.norm3 = (nn.BatchNorm2d(n) for n in (planes, planes, 4 * planes))
        self.smaller = nn.AvgPool2d(stride) if stride > 1 else nn.Identity()
        self.past = nn.Identity()
        if stride > 1 or channels != 4 * planes:
            shortcut = nn.Conv2d(channels, 4 * planes, 1, bias=False)
            self.past = nn.Sequential(self.smaller, shortcut, nn.BatchNorm2d(4 * planes))

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)))
        y = self.smaller(F.relu(self.norm2(self.conv2(y))))
        return F.relu(self.past(x) + self.norm3(self.conv3(y)))


class ModifiedResNet(nn.Module):
    def __init__(self, blocks, width, heads, places, embedding):
        super().__init__()
        stem, before = [], 3
        for after, stride in ((width // 2, 2), (width // 2, 1), (width, 1)):
            stem += [nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
            before = after
        layers = [*stem, nn.AvgPool2d(2)]
        for stage, count in enumerate(blocks):
            planes = width << stage
            for i in range(count):
                layers.append(Bottleneck(before, planes, 2 if i == 0 and stage > 0 else 1))
                before = 4 * planes
        self.layers, self.heads = nn.Sequential(*layers), heads
        self.positions = nn.Parameter(torch.randn(places + 1, before) * before**-0.5)
        self.q, self.k, self.v = (nn.Linear(before, before) for _ in range(3))
        self.out = nn.Linear(before, embedding)

    def forward(self, x):
        x = self.layers(x).flatten(2).transpose(1, 2)
        x = torch.cat((x.mean(1, keepdim=True), x), 1) + self.positions
        batch, places, width = x.shape
        q = self.q(x[:, :1]).view(batch, 1, self.heads, -1).transpose(1, 2)
        k, v = (f(x).view(batch, places, self.heads, -1).transpose(1, 2) for f in (self.k, self.v))
        return self.out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, width))


class Clip(nn.Module):
    def __init__(self, visual, vocabulary, context, width, layers, heads, embedding):
        super().__init__()
        self.visual, self.words = visual, nn.Embedding(vocabulary, width)
        nn.init.normal_(self.words.weight, std=0.02)
        self.positions = nn.Parameter(torch.randn(context, width) * 0.01)
        self.text = nn.Sequential(*(Block(width, heads, True) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        self.projection = nn.Parameter(torch.randn(width, embedding) * width**-0.5)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def loss(self, pixels, ids):
        images = F.normalize(self.visual(pixels), dim=-1)
        y = self.text(self.words(ids) + self.positions)
        rows = torch.arange(len(ids), device=ids.device)
        texts = F.normalize(self.norm(y[rows, ids.argmax(-1)]) @ self.projection, dim=-1)
        logits = self.logit_scale.exp() * images @ texts.t()
        return (F.cross_entropy(logits, rows) + F.cross_entropy(logits.t(), rows)) / 2


# side, image encoder; vocabulary, context, width, layers, heads, embedding
MODELS = {
    "tiny": (32, lambda: ConvNet(32, (32, 64, 128, 192), 128), (2048, 32, 64, 1, 2, 128)),
    "small": (32, lambda: VisionTransformer(32, 8, 128, 4, 4, 128), (2048, 16, 128, 4, 4, 128)),
    "base": (32, lambda: VisionTransformer(32, 4, 192, 6, 3, 128), (2048, 32, 128, 4, 4, 128)),
    "vitb32": (224, lambda: VisionTransformer(224, 32, 768, 12, 12, 512), (49408, 77, 512, 12, 8, 512)),
    "rn50": (224, lambda: ModifiedResNet((3, 4, 6, 3), 64, 32, 49, 1024), (49408, 77, 512, 12, 8, 1024)),
}


class Step:
    """A training step on one batch that lies in pinned host memory, as a loader would leave it."""

    def __init__(self, model, batch):
        side, visual, text = MODELS[model]
        with torch.device("cuda"):
            self.model = Clip(visual(), *text)
        matrices = [p for p in self.model.parameters() if p.dim() >= 2]
        others = [p for p in self.model.parameters() if p.dim() < 2]
        groups = [{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=RATE, fused=True)
        self.pixels = torch.randn(batch, 3, side, side).pin_memory()
        ids = torch.randint(text[0] - 1, (batch, text[1]))
        ids[:, -1] = text[0] - 1
        self.ids = ids.pin_memory()

    def take(self, precision):
        self.optimizer.zero_grad(set_to_none=True)
        pixels, ids = self.pixels.to("cuda", non_blocking=True), self.ids.to("cuda", non_blocking=True)
        with torch.autocast("cuda", torch.bfloat16, enabled=precision == "bfloat16"):
            loss = self.model.loss(pixels, ids)
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            self.model.logit_scale.clamp_(0, math.log(100))
        return loss.item()


# ---- kernels


def normal(*shape, dtype=torch.float32):
    return torch.randn(*shape, device="cuda", dtype=dtype)


def gradient(f, *inputs):
    """The backward pass of f alone."""
    for x in inputs:
        x.requires_grad_()
    y = f(*inputs)
    dy = torch.randn_like(y)
    return lambda: torch.autograd.grad(y, inputs, dy, retain_graph=True)


def product(dtype, b, m, n, k, form):
    left = normal(b, k, m, dtype=dtype).transpose(1, 2) if form[0] == "T" else normal(b, m, k, dtype=dtype)
    right = normal(b, n, k, dtype=dtype).transpose(1, 2) if form[1] == "T" else normal(b, k, n, dtype=dtype)
    if b == 1:
        left, right = left[0], right[0]
    return lambda: left @ right


def attention(dtype, b, t, h, d, mask, backward=False):
    q, k, v = (normal(b, h, t, d, dtype=dtype) for _ in range(3))
    f = lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=mask == "causal")
    return gradient(f, q, k, v) if backward else lambda: f(q, k, v)


def elements(f):
    def case(dtype, n):
        x = normal(n)
        y = torch.empty_like(x)
        return lambda: f(x, y)

    return case


def add(dtype, n):
    x, b = normal(n), normal(n)
    y = torch.empty_like(x)
    return lambda: torch.add(x, b, out=y)


def add_bias(dtype, rows, cols):
    x, b = normal(rows, cols), normal(cols)
    return lambda: x + b


def softmax(dtype, rows, cols):
    x = normal(rows, cols)
    return lambda: torch.softmax(x, -1)


def layer_norm(dtype, rows, cols, backward=False):
    x, w, b = normal(rows, cols), normal(cols), normal(cols)
    f = lambda x, w, b: F.layer_norm(x, (cols,), w, b)
    return gradient(f, x, w, b) if backward else lambda: f(x, w, b)


def column_sums(dtype, rows, cols):
    x = normal(rows, cols)
    return lambda: x.sum(0)


def cross_entropy(dtype, n):
    x, targets = normal(n, n), torch.randint(n, (n,), device="cuda")
    return lambda: F.cross_entropy(x, targets)


def adamw(dtype, n):
    p = normal(n)
    p.grad = normal(n)
    return torch.optim.AdamW([p], lr=RATE, weight_decay=DECAY, fused=True).step


def permute(dtype, batch, places, channels):
    x = normal(batch, places, channels)
    return lambda: x.transpose(1, 2).contiguous()


def unfold(dtype, batch, channels, side, kernel):
    x = normal(batch, channels, side, side)
    return lambda: F.unfold(x, kernel, padding=1)


def fold(dtype, batch, channels, side, kernel):
    x = normal(batch, channels * kernel * kernel, side * side)
    return lambda: F.fold(x, (side, side), kernel, padding=1)


def batch_norm(dtype, batch, channels, places, backward=False):
    x, w, b = normal(batch, channels, places), normal(channels), normal(channels)
    f = lambda x, w, b: F.batch_norm(x, None, None, w, b, training=True)
    return gradient(f, x, w, b) if backward else lambda: f(x, w, b)


CASES = {
    "product": product,
    "attention": attention,
    "attention_gradient": lambda *sizes: attention(*sizes, backward=True),
    "copy": elements(lambda x, y: y.copy_(x)),
    "gelu": elements(lambda x, y: F.gelu(x)),
    "add": add,
    "add_bias": add_bias,
    "softmax": softmax,
    "layer_norm": layer_norm,
    "layer_norm_gradient": lambda *sizes: layer_norm(*sizes, backward=True),
    "column_sums": column_sums,
    "cross_entropy": cross_entropy,
    "adamw": adamw,
    "permute": permute,
    "unfold": unfold,
    "fold": fold,
    "batch_norm": batch_norm,
    "batch_norm_gradient": lambda *sizes: batch_norm(*sizes, backward=True),
}


# ---- times, as in GpuBenchmark.java


def clock(f, calls):
    start = time.perf_counter()
    for _ in range(calls):
        f()
    torch.cuda.synchronize()
    return (time.perf_counter() - start) / calls


def milliseconds(f, seconds, warm=2, fewest=5, most=60, reading=0.02):
    clock(f, warm)
    one = clock(f, 1)
    calls = max(1, min(200, int(reading / max(one, 1e-6)))) if reading else 1
    readings, spent = [], 0.0
    while len(readings) < fewest or (spent < seconds and len(readings) < most):
        readings.append(clock(f, calls))
        spent += readings[-1] * calls
    return 1e3 * statistics.median(readings)


class Server:
    """Keeps the model of the last step, since its precisions follow each other."""

    def __init__(self):
        self.key, self.step = None, None

    def answer(self, precision, seconds, case, *sizes):
        tf32 = precision == "tf32"
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
        if case == "step":
            if self.key != sizes:
                self.key = self.step = None
                torch.cuda.empty_cache()
                self.key, self.step = sizes, Step(sizes[0], int(sizes[1]))
            return milliseconds(lambda: self.step.take(precision), 2 * seconds, warm=3, reading=0)
        if case not in CASES:
            return None
        self.key = self.step = None
        dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
        numbers = [int(size) if size.isdigit() else size for size in sizes]
        return milliseconds(CASES[case](dtype, *numbers), seconds)


def main():
    if not torch.cuda.is_available():
        print(f"no PyTorch with a GPU: torch {torch.__version__} finds no CUDA device", flush=True)
        return
    print(f"torch {torch.__version__} on {torch.cuda.get_device_name()}", flush=True)
    server = Server()
    for line in sys.stdin:
        precision, seconds, *case = line.split()
        try:
            result = server.answer(precision, float(seconds), *case)
        except RuntimeError as error:  # such as out of memory
            print(f"torch_gpu.py: {line.strip()}: {error}", file=sys.stderr)
            result = None
        torch.cuda.empty_cache()
        print("-" if result is None else f"{result:.6f}", flush=True)


if __name__ == "__main__":
    main()
