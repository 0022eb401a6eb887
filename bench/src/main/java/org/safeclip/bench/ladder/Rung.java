package org.safeclip.bench.ladder;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.safeclip.bench.Agreement;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.Storage;

/**
 * One implementation of a kernel.
 *
 * @param name its idea in a few words
 * @param run runs it once
 * @param answer reads its result
 */
record Rung(String name, Runnable run, Supplier<float[]> answer) {
    /** Throws an IllegalStateException unless all rungs agree with the first, the definition. */
    static void requireEqual(List<Rung> rungs) {
        rungs.forEach(rung -> rung.run.run());
        float[] want = rungs.getFirst().answer.get();
        rungs.forEach(rung -> Agreement.require(rung.name, want, rung.answer.get()));
    }

    /** The matrix product of two random matrices, every rung, the shipped kernel last. */
    static List<Rung> matmul(int m, int n, int k, Backend shipped) {
        float[] a = normal(m * k, 7);
        float[] b = normal(k * n, 8);
        Storage x = on(shipped, a);
        Storage w = on(shipped, b);
        Storage y = shipped.allocate(m * n);
        MatMulShape shape = MatMulShape.of(m, n, k);
        return List.of(
                product("1 definition", m, n, k, a, b, MatMulRungs::definition),
                product("2 rows only", m, n, k, a, b, MatMulRungs::rowsOnly),
                product("3 sums in registers", m, n, k, a, b, MatMulRungs::sumsInRegisters),
                product("4 tile of four rows", m, n, k, a, b, MatMulRungs::tile),
                product("5 panels", m, n, k, a, b, MatMulRungs::panels),
                product("6 strips", m, n, k, a, b, MatMulRungs::strips),
                new Rung("7 shipped", () -> shipped.kernels().matmul(shape, x, w, y), () -> numbers(y)));
    }

    /** The softmax of a random matrix, every rung, the shipped kernel last. */
    static List<Rung> softmax(int rows, int cols, Backend shipped) {
        float[] x = normal(rows * cols, 7);
        Storage from = on(shipped, x);
        Storage y = shipped.allocate(rows * cols);
        return List.of(
                rowwise("1 definition", rows, cols, x, SoftmaxRungs::definition),
                rowwise("2 each exponential once", rows, cols, x, SoftmaxRungs::onceEach),
                rowwise("3 exponential by polynomial", rows, cols, x, SoftmaxRungs::polynomial),
                rowwise("4 vectors", rows, cols, x, SoftmaxRungs::vectors),
                new Rung(
                        "5 shipped",
                        () -> shipped.kernels().softmax(new MatrixShape(rows, cols), from, y),
                        () -> numbers(y)));
    }

    @FunctionalInterface
    private interface Product {
        void run(int m, int n, int k, float[] a, float[] b, float[] y);
    }

    private static Rung product(String name, int m, int n, int k, float[] a, float[] b, Product kernel) {
        float[] y = new float[m * n];
        return new Rung(name, () -> kernel.run(m, n, k, a, b, y), () -> y);
    }

    @FunctionalInterface
    private interface Rowwise {
        void run(int rows, int cols, float[] x, float[] y);
    }

    private static Rung rowwise(String name, int rows, int cols, float[] x, Rowwise kernel) {
        float[] y = new float[rows * cols];
        return new Rung(name, () -> kernel.run(rows, cols, x, y), () -> y);
    }

    private static float[] normal(int length, long seed) {
        Random random = new Random(seed);
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static Storage on(Backend backend, float[] numbers) {
        Storage storage = backend.allocate(numbers.length);
        storage.write(numbers, 0, numbers.length);
        return storage;
    }

    private static float[] numbers(Storage storage) {
        float[] numbers = new float[storage.length()];
        storage.read(numbers, 0, numbers.length);
        return numbers;
    }
}
