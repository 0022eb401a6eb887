package org.safeclip.opencl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.safeclip.bench.Agreement;
import org.safeclip.bench.PairedBenchmark;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;

/**
 * The matrix product of an OpenCL device in rungs, {@code ladder.cl}, and what each gains: {@code DeviceLadder
 * [--quick]}. It belongs to the package of the kernels, because it uses their queue and launches.
 */
public final class DeviceLadder {
    private static final int SIZE = 2048;
    private static final int QUICK_SIZE = 128;
    private static final int SIDE = 16; // items of a group in each direction, as in ladder.cl
    private static final int BLOCK = 64; // rows and columns of a group from rung 3 on
    private static final int ROUNDS = 7;
    private static final double READING = 0.02; // seconds

    private DeviceLadder() {}

    /**
     * One kernel.
     *
     * @param name its idea in a few words
     * @param product computes y = a·b
     */
    record Rung(String name, Product product) {}

    /** Computes y [m, n] = a [m, k] · b [k, n]. */
    @FunctionalInterface
    interface Product {
        /** Enqueues the product. */
        void run(MatMulShape s, Storage a, Storage b, Storage y);
    }

    /** Every rung on an open device, the definition first and the shipped kernel last. */
    static List<Rung> rungs(OpenClBackend backend) {
        Queue queue = backend.queue();
        return List.of(
                new Rung("1 definition", (s, a, b, y) -> run(queue, "definition", SIDE, s, a, b, y)),
                new Rung("2 tile in local memory", (s, a, b, y) -> run(queue, "tile", SIDE, s, a, b, y)),
                new Rung("3 sums in registers", (s, a, b, y) -> run(queue, "registers", BLOCK, s, a, b, y)),
                new Rung("4 two buffers in turn", (s, a, b, y) -> run(queue, "double_buffer", BLOCK, s, a, b, y)),
                new Rung("5 shipped", backend.kernels()::matmul));
    }

    private static void run(Queue queue, String kernel, int block, MatMulShape s, Storage a, Storage b, Storage y) {
        long cols = LaunchGeometry.ceil(s.n(), block) * SIDE;
        long rows = LaunchGeometry.ceil(s.m(), block) * SIDE;
        queue.launch("ladder", kernel)
                .with(s.m())
                .with(s.n())
                .with(s.k())
                .with(a)
                .with(b)
                .with(y)
                .run(new long[] {cols, rows}, new long[] {SIDE, SIDE});
    }

    /** Throws an IllegalStateException unless all rungs agree with the first, the definition. */
    static void requireEqual(OpenClBackend backend, MatMulShape s) {
        try (var _ = backend.scope()) {
            Storage a = normal(backend, s.m() * s.k(), 7);
            Storage b = normal(backend, s.k() * s.n(), 8);
            List<float[]> answers = new ArrayList<>();
            for (Rung rung : rungs(backend)) {
                Storage y = backend.allocate(s.m() * s.n());
                rung.product.run(s, a, b, y);
                float[] answer = new float[s.m() * s.n()];
                y.read(answer, 0, answer.length);
                answers.add(answer);
                Agreement.require(rung.name, answers.getFirst(), answer);
            }
        }
    }

    private static Storage normal(OpenClBackend backend, int length, long seed) {
        Random random = new Random(seed);
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        Storage storage = backend.allocate(length);
        storage.write(numbers, 0, length);
        return storage;
    }

    /** Verifies every rung, then measures it. */
    public static void main(String[] arguments) throws BackendUnavailable {
        int size = List.of(arguments).contains("--quick") ? QUICK_SIZE : SIZE;
        try (OpenClBackend backend = (OpenClBackend) Backends.open(OpenClProvider.NAME);
                var _ = backend.scope()) {
            requireEqual(backend, MatMulShape.of(70, 65, 33));
            System.out.println("# " + backend.describe());
            System.out.printf("| product %1$dx%1$dx%1$d | GFLOP/s | step | in all |%n|---|---|---|---|%n", size);
            Storage a = normal(backend, size * size, 7);
            Storage b = normal(backend, size * size, 8);
            Storage y = backend.allocate(size * size);
            double first = 0;
            double before = 0;
            for (Rung rung : rungs(backend)) {
                double seconds = seconds(backend, () -> rung.product.run(MatMulShape.of(size, size, size), a, b, y));
                first = first == 0 ? seconds : first;
                before = before == 0 ? seconds : before;
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.4g | %.2f | %.2f |%n",
                        rung.name,
                        2.0 * size * size * size / seconds / 1e9,
                        before / seconds,
                        first / seconds);
                before = seconds;
            }
        }
    }

    /** Median over a few readings of many calls. */
    private static double seconds(OpenClBackend backend, Runnable product) {
        once(backend, product, 2);
        int calls = (int) Math.clamp(READING / once(backend, product, 1), 1, 1000);
        double[] readings = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            readings[i] = once(backend, product, calls) / calls;
        }
        return PairedBenchmark.median(readings);
    }

    private static double once(OpenClBackend backend, Runnable product, int calls) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            product.run();
        }
        backend.finish();
        return (System.nanoTime() - start) / 1e9;
    }
}
