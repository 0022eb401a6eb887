package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.grid.FailedCellsException;
import org.safeclip.nn.io.CheckpointException;
import org.safeclip.nn.parallel.CommunicatorUnavailable;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.train.DivergedException;
import picocli.CommandLine.ExecutionException;

/**
 * A failure as one line for the user and an exit code.
 *
 * @param exitCode 2 for bad input, 1 for everything else
 * @param line what is wrong, where, and how to fix it
 */
record Failure(int exitCode, String line) {
    /** Longest line, in characters. */
    private static final int LONGEST = 2000;

    /** Exit code of bad input. */
    static final int BAD_INPUT = 2;

    /** Exit code of a failure not caused by the input. */
    static final int FAILED = 1;

    /** Distinguishes bad input, failures of the environment and bugs in the program. */
    static Failure of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) { // thrown anywhere, on any thread
                return outOfMemory(cause);
            }
        }
        return switch (thrown) {
            case ExecutionException e when e.getCause() != null -> of(e.getCause());
            case InvalidInputException e -> input(e.getMessage());
            case CheckpointException e -> input(e.getMessage());
            case BackendUnavailable e -> input(e.getMessage());
            case CommunicatorUnavailable e -> input(e.getMessage());
            case InvalidPathException e -> input("'" + e.getInput() + "' is no file name: " + e.getReason());
            case NoSuchFileException e -> input(e.getFile() + ": there is no such file");
            case AccessDeniedException e ->
                input(e.getFile() + ": access denied; choose a place that you may write to");
            case FileAlreadyExistsException e -> input(e.getFile() + ": is a file where a folder is needed");
            case FileSystemException e when isFull(String.valueOf(e.getReason())) -> failed(e.getMessage(), e);
            case FileSystemException e ->
                input(e.getFile() + ": " + (e.getReason() == null ? "cannot be used" : e.getReason()));
            case UncheckedIOException e when e.getCause() instanceof FileSystemException -> of(e.getCause());
            case IOException e -> failed(e.getMessage(), e);
            case UncheckedIOException e -> failed(e.getMessage(), e);
            case DivergedException e -> failed(e.getMessage(), e);
            case FailedCellsException e -> failed(e.getMessage(), e);
            default ->
                failed(
                        "this is a bug in SafeCLIP, not an error in your input: "
                                + thrown.getClass().getSimpleName()
                                + (thrown.getMessage() == null ? "" : ": " + thrown.getMessage())
                                + "; please report it with the output of --debug",
                        thrown);
        };
    }

    private static Failure outOfMemory(Throwable thrown) {
        long mib = Runtime.getRuntime().maxMemory() >> 20;
        return failed(
                "out of memory (" + thrown.getMessage() + "; the heap may have " + mib
                        + " MiB); allow more with SAFECLIP_JAVA_OPTS=-Xmx" + Math.max(8, mib >> 9)
                        + "g, or use smaller batches or a smaller model",
                thrown);
    }

    private static Failure input(@Nullable String message) {
        return new Failure(BAD_INPUT, oneLine(String.valueOf(message)));
    }

    private static Failure failed(@Nullable String message, Throwable thrown) {
        String line = message == null ? thrown.getClass().getSimpleName() : message;
        String remedy = isFull(line) ? "; free some space and run the command again, train and demo with --resume" : "";
        return new Failure(FAILED, oneLine(line + remedy));
    }

    /** Whether the system's reason is a full disk, in the words of Linux and macOS or of Windows, or a full quota. */
    private static boolean isFull(String reason) {
        return reason.contains("No space left")
                || reason.contains("not enough space on the disk")
                || reason.contains("quota exceeded");
    }

    /** Replaces line breaks by spaces, escapes what a terminal would obey, and leaves out the middle of what is too long to read. */
    static String oneLine(String message) {
        String some = message.length() <= LONGEST
                ? message
                : message.substring(0, LONGEST / 2) + " ... " + message.substring(message.length() - LONGEST / 2);
        return Printable.text(some.replaceAll("\\s*\\R\\s*", " "));
    }
}
