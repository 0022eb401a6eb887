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
 * Another process that does a job when told to, a line of its input each, and answers {@code CPU-NANOS WALL-NANOS
 * RESULT...}. It waits while we work, so both can take turns of one job each without starting anew.
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

    /** Starts it with further environment variables; what it says on the error stream goes to ours. */
    public static Contender start(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            return new Contender(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.getFirst(), e);
        }
    }

    /** Has the job done once. */
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
     * What the other process said.
     *
     * @param cpu nanoseconds its thread computed for
     * @param wall nanoseconds by the clock
     * @param result further numbers, such as the loss
     */
    public record Answer(double cpu, double wall, double... result) {
        /** Reads the line. */
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
