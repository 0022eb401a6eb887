package org.safeclip.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.experiments.grid.FailedCellsException;
import org.safeclip.nn.io.CheckpointException;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.ShapeException;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.train.DivergedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Every exception becomes one line; bad input has exit code 2, other failures 1, and only bugs ask for a report. */
class FailureTest {
    static Stream<Throwable> badInput() {
        return Stream.of(
                new InvalidInputException("clip.epochs is 0"),
                new CheckpointException("a.safetensors: is damaged"),
                new BackendUnavailable("no backend named 'x'"),
                new NoSuchFileException("a.csv"),
                new UncheckedIOException(new NoSuchFileException("a.csv")));
    }

    static Stream<Throwable> failures() {
        return Stream.of(
                new IOException("No space left on device"),
                new UncheckedIOException("metrics.jsonl: cannot append", new IOException("No space left on device")),
                new DivergedException("the loss became NaN at step 7"),
                new FailedCellsException("1 of 3 runs failed"));
    }

    static Stream<Throwable> faults() {
        return Stream.of(
                new ShapeException("add: [2] and [3]"),
                new IllegalArgumentException("views is 3"),
                new IllegalStateException("no plan yet"),
                new NullPointerException(),
                new NegativeArraySizeException("-7"),
                new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("badInput")
    void badInputHasExitCodeTwo(Throwable thrown) {
        CliResult answer = thrown(thrown);
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).hasLineCount(1).startsWith("safeclip: ").doesNotContain("fault", "Exception", "null");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failuresHaveExitCodeOne(Throwable thrown) {
        CliResult answer = thrown(thrown);
        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.err()).hasLineCount(1).contains(thrown.getMessage()).doesNotContain("fault");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void bugsAreReportedAsSuch(Throwable thrown) {
        CliResult answer = thrown(thrown);
        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.err())
                .hasLineCount(1)
                .contains("this is a bug in SafeCLIP", thrown.getClass().getSimpleName(), "--debug");
    }

    @Test
    void outOfMemoryNamesTheHeapOption() {
        OutOfMemoryError full = new OutOfMemoryError("Java heap space");
        for (Throwable thrown : List.of(full, new IllegalStateException("a batch could not be prepared", full))) {
            CliResult answer = thrown(thrown);
            assertThat(answer.code()).isEqualTo(1);
            assertThat(answer.err())
                    .hasLineCount(1)
                    .contains("out of memory (Java heap space", "SAFECLIP_JAVA_OPTS=-Xmx");
        }
    }

    @Test
    void aFullDiskIsNoBadInputAndHasARemedy() {
        String full = "No space left on device";
        for (Throwable thrown : List.of(
                new IOException("metrics.jsonl: cannot append an event: " + full),
                new FileSystemException("metrics.jsonl", null, full),
                new UncheckedIOException(new FileSystemException("metrics.jsonl", null, full)))) {
            CliResult answer = thrown(thrown);
            assertThat(answer.code()).isEqualTo(1);
            assertThat(answer.err())
                    .hasLineCount(1)
                    .contains("metrics.jsonl", full + "; free some space and run the command again");
        }
    }

    @Test
    void debugPrintsTheStackTraceAndMessagesHaveOneLine() {
        assertThat(thrown(new IllegalStateException("x"), "--debug").err()).contains("\tat org.safeclip");
        assertThat(thrown(new InvalidInputException("one\n  two")).err())
                .hasLineCount(1)
                .contains("one two");
    }

    @Test
    void noCommandPrintsTheUsage() {
        CliResult answer = CliResult.to();
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).startsWith("Usage: safeclip ").contains("demo", "settings");
        assertThat(answer.err()).isEmpty();
    }

    /** Runs a command that throws this. */
    private static CliResult thrown(Throwable thrown, String... options) {
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().addSubcommand("fail", new Failing(thrown));
        line.setErr(new PrintWriter(err));
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add("fail");
        int code = line.execute(arguments.toArray(String[]::new));
        return new CliResult(code, "", err.toString());
    }

    @Command
    private record Failing(Throwable thrown) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            switch (thrown) {
                case Error error -> throw error;
                case Exception exception -> throw exception;
                default -> throw new AssertionError(thrown);
            }
        }
    }
}
