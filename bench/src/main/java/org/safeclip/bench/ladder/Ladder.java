package org.safeclip.bench.ladder;

import java.util.List;
import java.util.Locale;
import org.safeclip.bench.FmaPeak;
import org.safeclip.bench.PairedBenchmark;
import org.safeclip.bench.Stopwatch;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;

/** Measures both ladders and prints the speed-up of each rung; run it with {@code -Dorg.safeclip.threads=1}. */
public final class Ladder {
    private static final int SIZE = 768;
    private static final int ROWS = 24960; // the scores of 128 pictures of 65 tokens and 3 heads
    private static final int COLS = 65;
    private static final long COMPILING = 1_000_000_000;
    private static final int FEWEST = 4;
    private static final int WARM_UP = 2;
    private static final int ROUNDS = 7;
    private static final double READING = 1e7; // nanoseconds of work between two looks at the clock

    private Ladder() {}

    /** Verifies every rung, then measures each in alternation with the one below it. */
    public static void main(String[] arguments) throws BackendUnavailable {
        try (Backend shipped = Backends.open("simd")) {
            System.out.printf(Locale.ROOT, "FMA calibration: %.1f GFLOP/s in one thread%n", FmaPeak.gigaflops());
            climb(
                    "matmul " + SIZE + "x" + SIZE + "x" + SIZE + ", GFLOP/s",
                    Rung.matmul(SIZE, SIZE, SIZE, shipped),
                    2.0 * SIZE * SIZE * SIZE);
            climb(
                    "softmax " + ROWS + "x" + COLS + ", numbers a microsecond",
                    Rung.softmax(ROWS, COLS, shipped),
                    1e3 * ROWS * COLS);
        }
    }

    private static void climb(String title, List<Rung> rungs, double work) {
        Rung.requireEqual(rungs);
        rungs.forEach(Ladder::compile);
        System.out.printf("%n| %s | rate | step | in all |%n|---|---|---|---|%n", title);
        double all = 1;
        for (int i = 0; i < rungs.size(); i++) {
            PairedBenchmark pair =
                    PairedBenchmark.of(WARM_UP, ROUNDS, timed(rungs.get(i)), timed(rungs.get(Math.max(i - 1, 0))));
            double step = i == 0 ? 1 : pair.ratio();
            all *= step;
            System.out.printf(
                    Locale.ROOT, "| %s | %.3g | %.2f | %.2f |%n", rungs.get(i).name(), work / pair.ours(), step, all);
        }
    }

    /** The compiler needs some calls and some time before it has made its best of them. */
    private static void compile(Rung rung) {
        long start = System.nanoTime();
        for (int i = 0; i < FEWEST || System.nanoTime() - start < COMPILING; i++) {
            rung.run().run();
        }
    }

    private static PairedBenchmark.Timer timed(Rung rung) {
        return Stopwatch.repeated(READING, rung.run());
    }
}
