package org.safeclip.bench.peers;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.safeclip.bench.Agreement;
import org.safeclip.bench.PairedBenchmark;
import org.safeclip.bench.Stopwatch;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;

/** Family {@code gemm}: the matrix products of a training step in BLAS libraries, GFLOP/s. */
final class GemmPeers {
    private static final int[][] SIZES = {
        {4352, 384, 128}, {4352, 512, 128}, {4352, 128, 512}, {512, 512, 512}, {1024, 1024, 1024}
    };
    private static final List<String> FORMS = List.of("NN", "NT", "TN");
    private static final int WARM_UP = 12;
    private static final int ROUNDS = 25;
    private static final double READING = 8e6; // nanoseconds of work between two looks at the clock

    private GemmPeers() {}

    static void run(Backend backend, List<Blas> libraries) {
        run("gemm", SIZES, backend, libraries, Stopwatch::cpuNanos);
    }

    /** The square ones on a device whose driver computes in threads of its own, by the clock. */
    static void run(Backend device, Blas library) {
        run("opencl", Arrays.copyOfRange(SIZES, 3, SIZES.length), device, List.of(library), System::nanoTime);
    }

    private static void run(
            String family, int[][] sizes, Backend backend, List<Blas> libraries, LongSupplier clock) {
        MatMulShape warmUp = MatMulShape.of(sizes[0][0], sizes[0][1], sizes[0][2]);
        compare("warm-up", warmUp, backend, libraries.getFirst(), clock); // else the first case waits for the compiler
        for (int[] size : sizes) {
            for (String form : FORMS) {
                MatMulShape shape = new MatMulShape(
                        1, size[0], size[1], size[2], form.startsWith("T"), form.endsWith("T"));
                for (Blas library : libraries) {
                    String name = family + "/" + size[0] + "x" + size[1] + "x" + size[2] + "-" + form + "/" + library.name();
                    System.out.println(compare(name, shape, backend, library, clock));
                }
            }
        }
    }

    private static String compare(String name, MatMulShape shape, Backend backend, Blas library, LongSupplier clock) {
        RandomGenerator random = new Random(7);
        float[] a = Numbers.normal(random, shape.m() * shape.k());
        float[] b = Numbers.normal(random, shape.k() * shape.n());
        try (Arena arena = Arena.ofConfined()) {
            Storage x = Numbers.on(backend, a);
            Storage w = Numbers.on(backend, b);
            Storage y = backend.allocate(shape.m() * shape.n());
            Blas.Product product = library.product(shape, a, b, arena);
            Runnable ours = () -> {
                backend.kernels().matmul(shape, x, w, y);
                backend.finish();
            };
            ours.run();
            product.run();
            Agreement.require(name, product.answer(), Numbers.of(y));
            PairedBenchmark pair = PairedBenchmark.of(
                    WARM_UP,
                    ROUNDS,
                    Stopwatch.repeated(clock, READING, ours),
                    Stopwatch.repeated(clock, READING, product::run));
            return pair.line(name, 2.0 * shape.m() * shape.n() * shape.k());
        }
    }
}
