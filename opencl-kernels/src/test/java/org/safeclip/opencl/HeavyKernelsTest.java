package org.safeclip.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.tensor.backend.AttentionShape;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.LinearInput;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/** The kernels that take most of the time, at sizes that leave edges everywhere, on every device by both families. */
final class HeavyKernelsTest {
    private static final boolean TINY = Boolean.getBoolean("org.safeclip.opencl.tiny"); // under a slow, checking driver
    private static final Backend REFERENCE = reference();
    private static final List<OpenClBackend> OPEN = open();

    private static Backend reference() {
        try {
            return Backends.open("scalar");
        } catch (BackendUnavailable e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<OpenClBackend> open() {
        List<OpenClBackend> open = new ArrayList<>();
        for (OpenClDevice device : OpenClDevices.here().found()) {
            GemmTileSizes shipped = GemmTileSizes.shipped(device);
            // another tile, with a block of k short enough to be crossed; the large block for every shape
            GemmTileSizes.Cpu shallow = new GemmTileSizes.Cpu(4, 3, 5, 16);
            GemmTileSizes.Gpu first = TINY ? new GemmTileSizes.Gpu(32, 32, 8, 4, 4) : shipped.gpuSmall();
            GemmTileSizes.Gpu second = TINY ? new GemmTileSizes.Gpu(32, 16, 16, 8, 4) : shipped.gpuLarge();
            open.add(new OpenClBackend(device, Family.CPU, shipped));
            open.add(new OpenClBackend(device, Family.GPU, new GemmTileSizes(shipped.cpu(), first, first)));
            open.add(new OpenClBackend(device, Family.CPU, new GemmTileSizes(shallow, first, first)));
            open.add(new OpenClBackend(device, Family.GPU, new GemmTileSizes(shallow, second, second)));
        }
        return open;
    }

    @AfterAll
    static void everyHandleIsReleased() {
        REFERENCE.close();
        for (OpenClBackend backend : OPEN) {
            backend.close();
            assertThat(backend.queue().handles().live()).as(backend.describe()).isZero();
        }
    }

    static Stream<MatMulShape> products() {
        int[][] sizes = {
            {1, 1, 1, 1}, {1, 7, 3, 5}, {1, 1, 65, 31}, {1, 64, 1, 8}, {1, 13, 64, 16}, {1, 31, 17, 65},
            {5, 17, 17, 32}, {3, 6, 20, 4}, {1, 67, 70, 33}, {1, 12, 9, 1031}, {1, 130, 129, 40}, {2, 48, 72, 128},
        };
        int[][] tiny = {{1, 7, 3, 5}, {1, 35, 17, 9}, {2, 6, 20, 4}, {1, 4, 3, 512}};
        return Arrays.stream(TINY ? tiny : sizes)
                .flatMap(s -> Stream.of(
                        new MatMulShape(s[0], s[1], s[2], s[3], false, false),
                        new MatMulShape(s[0], s[1], s[2], s[3], true, false),
                        new MatMulShape(s[0], s[1], s[2], s[3], false, true),
                        new MatMulShape(s[0], s[1], s[2], s[3], true, true)));
    }

    @ParameterizedTest
    @MethodSource("products")
    void productsOfAnyShape(MatMulShape s) {
        assumeThat(OPEN).as(OpenClDevices.here().reason()).isNotEmpty();
        RandomGenerator random = new Random(7);
        float[] a = numbers(s.batch() * s.m() * s.k(), random);
        float[] b = numbers(s.batch() * s.k() * s.n(), random);
        int size = s.batch() * s.m() * s.n();
        float[] expected = product(REFERENCE, s, a, b, size);
        for (OpenClBackend backend : OPEN) {
            float[] y = product(backend, s, a, b, size);
            assertClose(backend, y, expected, s.k());
            assertThat(product(backend, s, a, b, size)).as(backend.describe()).containsExactly(y);
        }
    }

    private static float[] product(Backend backend, MatMulShape s, float[] a, float[] b, int size) {
        try (Scope _ = backend.scope()) {
            Storage y = backend.allocate(size);
            backend.kernels().matmul(s, put(backend, a), put(backend, b), y);
            return get(backend, y, size);
        }
    }

    @Test
    void linearWithBiasAndResidual() {
        assumeThat(OPEN).as(OpenClDevices.here().reason()).isNotEmpty();
        RandomGenerator random = new Random(8);
        int[][] sizes =
                TINY ? new int[][] {{7, 5, 9}} : new int[][] {{1, 1, 1}, {37, 45, 83}, {64, 32, 128}, {9, 1100, 5}};
        for (int[] s : sizes) {
            float[] x = numbers(s[0] * s[1], random);
            float[] w = numbers(s[2] * s[1], random);
            float[] bias = numbers(s[2], random);
            float[] residual = numbers(s[0] * s[2], random);
            for (boolean biased : new boolean[] {true, false}) {
                float[] plain = linear(REFERENCE, s, x, w, biased ? bias : null, null);
                float[] added = linear(REFERENCE, s, x, w, biased ? bias : null, residual);
                for (OpenClBackend backend : OPEN) {
                    assertClose(backend, linear(backend, s, x, w, biased ? bias : null, null), plain, s[1]);
                    assertClose(backend, linear(backend, s, x, w, biased ? bias : null, residual), added, s[1]);
                }
            }
        }
    }

    private static float[] linear(
            Backend backend,
            int[] s,
            float[] x,
            float[] w,
            float @org.jspecify.annotations.Nullable [] bias,
            float @org.jspecify.annotations.Nullable [] residual) {
        try (Scope _ = backend.scope()) {
            Storage y = backend.allocate(s[0] * s[2]);
            Storage b = bias == null ? null : put(backend, bias);
            LinearInput input = new LinearInput(s[0], s[1], s[2], put(backend, x), put(backend, w), b);
            if (residual == null) {
                backend.kernels().linear(input, y);
            } else {
                Storage r = put(backend, residual);
                backend.kernels().linearAdd(input, r, y);
            }
            return get(backend, y, s[0] * s[2]);
        }
    }

    static Stream<AttentionShape> attentions() {
        int[][] sizes = {
            {1, 1, 1, 20}, {2, 17, 4, 32}, {3, 16, 2, 32}, {1, 65, 3, 32}, {2, 7, 1, 20}, {1, 33, 2, 5}, {1, 130, 1, 20}
        };
        int[][] tiny = {{1, 5, 2, 4}, {1, 18, 1, 3}};
        return Arrays.stream(TINY ? tiny : sizes)
                .flatMap(s -> Stream.of(
                        new AttentionShape(s[0], s[1], s[2], s[3], false),
                        new AttentionShape(s[0], s[1], s[2], s[3], true)));
    }

    @ParameterizedTest
    @MethodSource("attentions")
    void attentionAndItsGradient(AttentionShape s) {
        assumeThat(OPEN).as(OpenClDevices.here().reason()).isNotEmpty();
        RandomGenerator random = new Random(9);
        int size = s.batch() * s.tokens() * s.width();
        float[] qkv = numbers(3 * size, random);
        float[] dy = numbers(size, random);
        float[][] expected = attention(REFERENCE, s, qkv, dy);
        for (OpenClBackend backend : OPEN) {
            float[][] got = attention(backend, s, qkv, dy);
            float[][] again = attention(backend, s, qkv, dy);
            for (int i = 0; i < expected.length; i++) {
                assertClose(backend, got[i], expected[i], s.tokens());
                assertThat(again[i]).as(backend.describe()).containsExactly(got[i]);
            }
        }
    }

    private static float[][] attention(Backend backend, AttentionShape s, float[] qkvs, float[] dys) {
        try (Scope _ = backend.scope()) {
            int rows = s.batch() * s.heads() * s.tokens();
            Storage qkv = put(backend, qkvs);
            Storage y = backend.allocate(dys.length);
            Storage logSums = backend.allocate(rows);
            Storage dqkv = backend.allocate(qkvs.length);
            backend.kernels().attention(s, qkv, y, logSums);
            backend.kernels().attentionGradient(s, qkv, y, logSums, put(backend, dys), dqkv);
            return new float[][] {
                get(backend, y, dys.length), get(backend, logSums, rows), get(backend, dqkv, qkvs.length)
            };
        }
    }

    private static Storage put(Backend backend, float[] numbers) {
        Storage storage = backend.allocate(numbers.length);
        storage.write(numbers, 0, numbers.length);
        return storage;
    }

    private static float[] get(Backend backend, Storage storage, int count) {
        float[] numbers = new float[count];
        storage.read(numbers, 0, count);
        backend.finish(); // the simulator runs one kernel at a time anyway
        return numbers;
    }

    private static float[] numbers(int count, RandomGenerator random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static void assertClose(OpenClBackend backend, float[] got, float[] expected, int terms) {
        double tolerance = 4e-6 * Math.sqrt(terms) + 2e-6;
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(got[i] - expected[i]) <= tolerance * (1 + Math.abs(expected[i])))) {
                throw new AssertionError(
                        backend.describe() + ": number " + i + " is " + got[i] + ", expected " + expected[i]);
            }
        }
    }
}
