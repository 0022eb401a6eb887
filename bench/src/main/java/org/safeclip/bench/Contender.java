package org.safeclip.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Another process that runs a job for each line of its input and answers {@code CPU-NANOS WALL-NANOS RESULT...}. It is
 * idle in between, so that both sides of a {@link PairedBenchmark} can alternate.
 */
public final class Contender implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;

    private Contender(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    }

    /** Starts the process with additional environment variables; its error stream goes to ours. */
    public static Contender start(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            return new Contender(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.getFirst(), e);
        }
    }

    /**
     * Runs the job once.
     *
     * @throws IllegalStateException if the process ended or its answer is malformed
     */
    public Answer order() {
        try {
            orders.write('\n');
            orders.flush();
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException("the other process ended without an answer; its message is above");
            }
            return Answer.of(line);
        } catch (IOException e) {
            throw new UncheckedIOException("the other process ended; its message is above", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }

    /**
     * Answer of the other process.
     *
     * @param cpu thread CPU time in nanoseconds
     * @param wall wall-clock time in nanoseconds
     * @param result further numbers, such as the loss
     */
    public record Answer(double cpu, double wall, double... result) {
        /** Parses a line of output. */
        static Answer of(String line) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length < 2) {
                throw new IllegalStateException("the other process said '" + line + "'; expected CPU time, wall time");
            }
            double[] numbers = new double[words.length];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Double.parseDouble(words[i]);
            }
            return new Answer(numbers[0], numbers[1], Arrays.copyOfRange(numbers, 2, numbers.length));
        }
    }
}
