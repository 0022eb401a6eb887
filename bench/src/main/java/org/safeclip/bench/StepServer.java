package org.safeclip.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.safeclip.tensor.backend.BackendUnavailable;

/**
 * {@code StepServer MODEL BACKEND}: takes one training step for every line it reads and prints CPU time and wall-clock
 * time in nanoseconds and the loss. {@code torch_step.py} has the same protocol.
 */
public final class StepServer {
    private StepServer() {}

    /** Runs until its input ends. */
    public static void main(String[] arguments) throws BackendUnavailable, IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (TrainStep step = TrainStep.proved(StepModel.of(arguments[0]), arguments[1])) {
            while (in.readLine() != null) {
                System.out.println(timed(step));
            }
        }
    }

    private static String timed(TrainStep step) {
        long wall = System.nanoTime();
        long cpu = Stopwatch.cpuNanos();
        float loss = step.run();
        return String.format(Locale.ROOT, "%d %d %.6f", Stopwatch.cpuNanos() - cpu, System.nanoTime() - wall, loss);
    }
}
