package org.safeclip.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import org.safeclip.tensor.backend.BackendUnavailable;

/**
 * Pictures a second of the training step, in one line and without JMH, to be run in turns with {@code torch_step.py}:
 * {@code StepRate [BACKEND [STEPS]]}. CPU time of the calling thread, so that a busy machine distorts little; give
 * {@code -Dorg.safeclip.threads=1}, or the workers' time is missing.
 */
final class StepRate {
    private static final int WARM_UP = 10;
    private static final int STEPS = 12;

    private StepRate() {}

    /** Proves, warms up, measures, prints. */
    public static void main(String[] arguments) throws BackendUnavailable {
        String backend = arguments.length > 0 ? arguments[0] : "simd";
        int steps = arguments.length > 1 ? Integer.parseInt(arguments[1]) : STEPS;
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        double[] cpu = new double[steps];
        double[] wall = new double[steps];
        try (TrainStep step = TrainStep.proved(backend)) {
            float first = step.run();
            for (int i = 1; i < WARM_UP; i++) {
                step.run();
            }
            float last = first;
            for (int i = 0; i < steps; i++) {
                long wallStart = System.nanoTime();
                long cpuStart = clock.getCurrentThreadCpuTime();
                last = step.run();
                cpu[i] = clock.getCurrentThreadCpuTime() - cpuStart;
                wall[i] = System.nanoTime() - wallStart;
            }
            TrainStep.requireFall(first, last);
            System.out.printf(
                    Locale.ROOT,
                    "safeclip-%s %.1f images/s of thread CPU time (%.1f by the clock), "
                            + "median of %d steps of %d; loss %.3f to %.3f; FMA %.0f GFLOP/s%n",
                    backend,
                    rate(cpu),
                    rate(wall),
                    steps,
                    TrainStep.BATCH,
                    first,
                    last,
                    FmaPeak.gigaflops());
        }
    }

    private static double rate(double... nanos) {
        double[] sorted = nanos.clone();
        Arrays.sort(sorted);
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        return TrainStep.BATCH * 1e9 / median;
    }
}
