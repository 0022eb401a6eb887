package org.safeclip.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Unary;
import org.safeclip.tensor.check.BackendChecks;
import org.safeclip.tensor.check.BackendChecks.Candidate;

/** Every fused kernel equals the composition of basic kernels that defines it: value and gradients. */
final class FusedTest {
    private static final List<Candidate> CANDIDATES = BackendChecks.candidates();
    private static final float EPSILON = 1e-5f;

    /** The two ways to a value. */
    private record Pair(String name, Formula fused, Formula composed, Shape... shapes) {}

    @FunctionalInterface
    private interface Formula {
        Tensor of(Tensor... x);
    }

    @AfterAll
    static void close() {
        CANDIDATES.stream().map(Candidate::backend).forEach(backend -> {
            if (backend != null) {
                backend.close();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> nearestIsTheProductAndItsLargest() {
        return CANDIDATES.stream()
                .map(Candidate::backend)
                .filter(Objects::nonNull)
                .map(backend -> DynamicTest.dynamicTest("nearest on " + backend.name(), () -> {
                    for (int candidates : new int[] {1, 7, 65, 1030}) {
                        NdArray x = eighths(backend, Shape.of(33, 5));
                        NdArray pool = eighths(backend, Shape.of(candidates, 5));
                        assertThat(read(x.nearest(pool)))
                                .isEqualTo(read(x.matmulTransposed(pool).argmax()));
                    }
                }));
    }

    /** Numbers on a grid, whose products are exact: the same on every way. */
    private static NdArray eighths(Backend backend, Shape shape) {
        float[] numbers = new float[shape.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (i * 31 % 101 - 50) / 8f;
        }
        return NdArray.of(backend, shape, numbers);
    }

    private static int[] read(IntStorage ids) {
        int[] numbers = new int[ids.length()];
        ids.read(numbers, 0, numbers.length);
        return numbers;
    }

    private static List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (int n : new int[] {1, 7, 65}) {
            pairs.add(new Pair(
                    "linear " + n,
                    x -> x[0].linear(x[1], x[2]),
                    x -> x[0].matmulTransposed(x[1]).add(x[2]),
                    Shape.of(5, n),
                    Shape.of(31, n),
                    Shape.of(31)));
            pairs.add(new Pair(
                    "linearAdd " + n,
                    x -> x[1].linearAdd(x[2], x[3], x[0]),
                    x -> x[0].add(x[1].matmulTransposed(x[2]).add(x[3])),
                    Shape.of(5, 31),
                    Shape.of(5, n),
                    Shape.of(31, n),
                    Shape.of(31)));
            for (Unary f : new Unary[] {Unary.RELU, Unary.GELU, Unary.GELU_TANH, Unary.QUICK_GELU}) {
                pairs.add(new Pair(
                        "mlpAdd " + f + " " + n,
                        x -> x[1].mlpAdd(f, x[2], x[3], x[4], x[5], x[0]),
                        x -> x[0].add(x[1].matmulTransposed(x[2])
                                .add(x[3])
                                .apply(f)
                                .matmulTransposed(x[4])
                                .add(x[5])),
                        Shape.of(5, n),
                        Shape.of(5, n),
                        Shape.of(33, n),
                        Shape.of(33),
                        Shape.of(n, 33),
                        Shape.of(n)));
            }
            pairs.add(new Pair("softmax " + n, x -> x[0].softmax(), x -> softmax(x[0]), Shape.of(2, 3, n)));
            pairs.add(new Pair(
                    "l2Normalize " + n,
                    x -> x[0].l2Normalize(1e-12f),
                    x -> x[0].div(x[0].mul(x[0]).sum(-1).sqrt().reshape(4, 1)),
                    Shape.of(4, n)));
            pairs.add(new Pair(
                    "crossEntropy " + n,
                    x -> x[0].crossEntropy(targets(x[0])),
                    x -> crossEntropy(x[0]),
                    Shape.of(5, n)));
        }
        for (int n : new int[] {7, 65}) {
            pairs.add(new Pair(
                    "layerNorm " + n,
                    x -> x[0].layerNorm(x[1], x[2], EPSILON),
                    x -> normalise(x[0], -1).mul(x[1]).add(x[2]),
                    Shape.of(2, 3, n),
                    Shape.of(n),
                    Shape.of(n)));
        }
        pairs.add(new Pair(
                "batchNorm2d",
                x -> x[0].batchNorm2d(x[1], x[2], EPSILON, (mean, variance) -> {}),
                x -> normalise(x[0], 0, 2, 3).mul(x[1].reshape(5, 1, 1)).add(x[2].reshape(5, 1, 1)),
                Shape.of(3, 5, 4, 7),
                Shape.of(5),
                Shape.of(5)));
        for (boolean causal : new boolean[] {false, true}) {
            for (int tokens : new int[] {1, 7, 17}) {
                pairs.add(new Pair(
                        (causal ? "causal attention " : "attention ") + tokens,
                        x -> x[0].attention(3, causal),
                        x -> attention(x[0], 3, causal),
                        Shape.of(2, tokens, 3 * 3 * 5)));
            }
        }
        return pairs;
    }

    @TestFactory
    Stream<DynamicTest> fusedEqualsComposed() {
        return CANDIDATES.stream()
                .flatMap(candidate -> Stream.ofNullable(candidate.backend()))
                .flatMap(backend -> pairs().stream()
                        .map(pair -> DynamicTest.dynamicTest(
                                pair.name() + " on " + backend.name(), () -> agree(backend, pair))));
    }

    private static void agree(Backend backend, Pair pair) {
        List<float[]> fused = numbers(backend, pair.fused(), pair.shapes());
        List<float[]> composed = numbers(backend, pair.composed(), pair.shapes());
        for (int part = 0; part < fused.size(); part++) {
            float[] got = fused.get(part);
            float[] want = composed.get(part);
            double largest = IntStream.range(0, want.length)
                    .mapToDouble(i -> Math.abs(want[i]))
                    .max()
                    .orElse(0);
            for (int i = 0; i < want.length; i++) {
                assertThat((double) got[i])
                        .as(pair.name() + (part == 0 ? ", value " : ", gradient " + (part - 1) + " ") + i)
                        .isCloseTo(want[i], Offset.offset(1e-5 * Math.max(0.1, largest)));
            }
        }
    }

    private static List<float[]> numbers(Backend backend, Formula formula, Shape... shapes) {
        RandomGenerator random = new SplittableRandom(3);
        Tensor[] x = new Tensor[shapes.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = Tensor.parameter(normal(random, backend, shapes[i]));
        }
        Tensor y = formula.of(x);
        Gradients gradients = y.backward(normal(random, backend, y.shape()));
        List<float[]> numbers = new ArrayList<>(List.of(y.value().toArray()));
        for (Tensor each : x) {
            numbers.add(gradients.of(each).toArray());
        }
        return numbers;
    }

    private static NdArray normal(RandomGenerator random, Backend backend, Shape shape) {
        float[] numbers = new float[shape.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return NdArray.of(backend, shape, numbers);
    }

    /** e^(x − max) / Σ. */
    private static Tensor softmax(Tensor x) {
        int[] column = x.shape().with(-1, 1).dims();
        Tensor powers =
                x.sub(Tensor.constant(x.value().max(-1).reshape(column))).exp();
        return powers.div(powers.sum(-1).reshape(column));
    }

    /** (x − mean) / √(variance + ε) over the axes. */
    private static Tensor normalise(Tensor x, int... axes) {
        Shape kept = x.shape();
        for (int axis : axes) {
            kept = kept.with(axis, 1);
        }
        Tensor off = x.sub(x.mean(axes).reshape(kept.dims()));
        Tensor variance = off.mul(off).mean(axes).reshape(kept.dims());
        return off.div(variance.affine(1, EPSILON).sqrt());
    }

    private static Tensor attention(Tensor qkv, int heads, boolean causal) {
        int batch = qkv.dim(0);
        int tokens = qkv.dim(1);
        int width = qkv.dim(2) / 3;
        Tensor[] parts = new Tensor[3];
        for (int i = 0; i < 3; i++) {
            parts[i] = qkv.slice(2, i * width, (i + 1) * width)
                    .reshape(batch, tokens, heads, width / heads)
                    .permute(0, 2, 1, 3); // [B, H, T, D/H]
        }
        Tensor scores = parts[0].matmulTransposed(parts[1]).scale((float) (1 / Math.sqrt((double) width / heads)));
        if (causal) {
            float[] future = new float[tokens * tokens];
            for (int i = 0; i < future.length; i++) {
                future[i] = i % tokens > i / tokens ? -1e9f : 0;
            }
            scores = scores.add(Tensor.constant(NdArray.of(qkv.value().backend(), Shape.of(tokens, tokens), future)));
        }
        return softmax(scores).matmul(parts[2]).permute(0, 2, 1, 3).reshape(batch, tokens, width);
    }

    private static int target(int row, int classes) {
        return row * 5 % classes;
    }

    private static IntStorage targets(Tensor logits) {
        IntStorage targets = logits.value().backend().allocateInts(logits.dim(0));
        targets.write(
                IntStream.range(0, logits.dim(0))
                        .map(r -> target(r, logits.dim(1)))
                        .toArray(),
                0,
                logits.dim(0));
        return targets;
    }

    /** −mean of log softmax at the targets, picked out with zeros and ones. */
    private static Tensor crossEntropy(Tensor logits) {
        float[] hits = new float[logits.shape().size()];
        for (int r = 0; r < logits.dim(0); r++) {
            hits[r * logits.dim(1) + target(r, logits.dim(1))] = 1;
        }
        Tensor picked = logits.logSoftmax()
                .mul(Tensor.constant(NdArray.of(logits.value().backend(), logits.shape(), hits)));
        return picked.sum().scale(-1f / logits.dim(0));
    }
}
