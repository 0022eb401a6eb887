package org.safeclip.bench.peers;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.safeclip.bench.Agreement;
import org.safeclip.bench.Duel;
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
        for (int[] size : SIZES) {
            for (String form : FORMS) {
                MatMulShape shape = new MatMulShape(
                        1, size[0], size[1], size[2], form.startsWith("T"), form.endsWith("T"));
                for (Blas library : libraries) {
                    String name = "gemm/" + size[0] + "x" + size[1] + "x" + size[2] + "-" + form + "/" + library.name();
                    System.out.println(duel(name, shape, backend, library));
                }
            }
        }
    }

    private static String duel(String name, MatMulShape shape, Backend backend, Blas library) {
        RandomGenerator random = new Random(7);
        float[] a = Numbers.normal(random, shape.m() * shape.k());
        float[] b = Numbers.normal(random, shape.k() * shape.n());
        try (Arena arena = Arena.ofConfined()) {
            Storage x = Numbers.on(backend, a);
            Storage w = Numbers.on(backend, b);
            Storage y = backend.allocate(shape.m() * shape.n());
            Blas.Product product = library.product(shape, a, b, arena);
            Runnable ours = () -> backend.kernels().matmul(shape, x, w, y);
            ours.run();
            product.run();
            Agreement.require(name, product.answer(), Numbers.of(y));
            Duel duel = Duel.of(
                    WARM_UP, ROUNDS, Stopwatch.repeated(READING, ours), Stopwatch.repeated(READING, product::run));
            return duel.line(name, 2.0 * shape.m() * shape.n() * shape.k());
        }
    }
}
