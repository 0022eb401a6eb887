package org.safeclip.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.safeclip.tensor.backend.BackendUnavailable;

/**
 * Times the training step in alternation with another process that takes the same step: {@code PairedStepBenchmark
 * MODEL ROUNDS COMMAND...}. Measures thread CPU time with {@code -Dorg.safeclip.threads=1}, wall-clock time with more
 * threads.
 */
public final class PairedStepBenchmark {
    private PairedStepBenchmark() {}

    /** Prints the result for one model, one line. */
    public static void main(String[] arguments) throws BackendUnavailable {
        StepModel model = StepModel.of(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        List<String> command = List.of(arguments).subList(2, arguments.length);
        int threads = threads();
        System.out.printf(Locale.ROOT, "# FMA calibration: %.1f GFLOP/s in one thread%n", FmaPeak.gigaflops());
        System.out.printf("# images/s by %s%n", threads == 1 ? "thread CPU time" : "the clock");
        try (TrainStep step = TrainStep.proved(model, "simd");
                Contender contender = Contender.start(Map.of(), command)) {
            String name = "step/" + model.label() + "-" + threads + "t/pytorch";
            PairedBenchmark pair =
                    PairedBenchmark.of(warmUp(model), rounds, ours(step, threads), theirs(contender, threads));
            System.out.println(pair.line(name, work()));
        }
    }

    /** Number of threads of this process. */
    public static int threads() {
        return Integer.getInteger("org.safeclip.threads", Runtime.getRuntime().availableProcessors());
    }

    /** Work of a step such that work / nanoseconds is images per second. */
    public static double work() {
        return StepModel.BATCH * 1e9;
    }

    /** Number of unmeasured rounds: the larger model compiles its code in fewer. */
    public static int warmUp(StepModel model) {
        return model == StepModel.BASE ? 3 : 8;
    }

    /** Timer of our training step. */
    public static PairedBenchmark.Timer ours(TrainStep step, int threads) {
        return threads == 1 ? Stopwatch.once(step::run) : Stopwatch.wall(step::run);
    }

    /** Timer of the other process's step; throws an IllegalStateException if its loss does not fall. */
    public static PairedBenchmark.Timer theirs(Contender contender, int threads) {
        float[] losses = {Float.NaN, Float.POSITIVE_INFINITY
        }; // the first and the lowest: a high rate has ups and downs
        return () -> {
            Contender.Answer answer = contender.order();
            float loss = (float) answer.result()[0];
            if (Float.isNaN(losses[0])) {
                losses[0] = loss;
            } else {
                losses[1] = Math.min(losses[1], loss); // NaN where one is
                TrainStep.requireFall(losses[0], losses[1]);
            }
            return threads == 1 ? answer.cpu() : answer.wall();
        };
    }
}
