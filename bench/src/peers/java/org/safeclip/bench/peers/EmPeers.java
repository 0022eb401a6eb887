package org.safeclip.bench.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.safeclip.bench.Agreement;
import org.safeclip.bench.PairedBenchmark;
import org.safeclip.bench.MixtureData;
import org.safeclip.bench.Contender;
import org.safeclip.bench.Stopwatch;
import org.safeclip.selection.GaussianMixture;

/** Family {@code em}: the mixture of two Gaussians fitted to a million similarities by scikit-learn, seconds. */
final class EmPeers {
    private static final int PAIRS = 1_000_000;
    private static final int MOST_ITERATIONS = 1000;
    private static final int WARM_UP = 1;
    private static final int ROUNDS = 3;
    private static final int COMPILING = 5; // fits of ours alone

    private EmPeers() {}

    static void run(String python, Path bench) throws IOException {
        float[] similarities = MixtureData.similarities(PAIRS);
        Path file = Files.createTempFile("similarities", ".f32");
        try {
            ByteBuffer bytes = ByteBuffer.allocate(PAIRS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(similarities);
            Files.write(file, bytes.array());
            compare(similarities, "1e-3", python, bench, file);
            compare(similarities, "1e-6", python, bench, file);
        } finally {
            Files.delete(file);
        }
    }

    private static void compare(float[] x, String tolerance, String python, Path bench, Path file) {
        Runnable fit = () -> fit(x, tolerance);
        for (int i = 0; i < COMPILING; i++) {
            fit.run();
        }
        List<String> command =
                List.of(python, bench.resolve("em_sklearn.py").toString(), file.toString(), tolerance);
        try (Contender contender = Contender.start(Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1"), command)) {
            PairedBenchmark pair = PairedBenchmark.of(WARM_UP, ROUNDS, Stopwatch.once(fit), () -> proved(contender.order(), fit(x, tolerance)));
            System.out.println(pair.seconds("em/1000000-tol" + tolerance + "/sklearn"));
        }
    }

    private static GaussianMixture fit(float[] x, String tolerance) {
        return GaussianMixture.fit(x, Double.parseDouble(tolerance), MOST_ITERATIONS);
    }

    /** Time of the other fit, after checking that the means agree; the fits start from different clusters. */
    private static double proved(Contender.Answer answer, GaussianMixture ours) {
        double[] theirs = answer.result();
        for (int i = 0; i < 2; i++) {
            Agreement.requireNear("mean " + i + " of the mixture", theirs[i], ours.means()[i], 0.01);
        }
        return answer.cpu();
    }
}
