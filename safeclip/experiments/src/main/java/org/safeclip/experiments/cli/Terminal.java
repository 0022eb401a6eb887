package org.safeclip.experiments.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** The terminal that standard output goes to, or a pipe or file. */
final class Terminal {
    /** Columns if they are not known. */
    static final int USUAL_WIDTH = 80;

    private static final int LEAST_WIDTH = 20;

    /** A window that is being resized is followed after this time. */
    private static final long ASK_AGAIN = TimeUnit.SECONDS.toNanos(2);

    private final boolean interactive;
    private final IntSupplier columns;
    private int width;
    private long asked;

    Terminal(boolean interactive, IntSupplier columns) {
        this.interactive = interactive;
        this.columns = columns;
    }

    /** The terminal of this process. */
    static Terminal ofProcess() {
        return new Terminal(isConsole(), Terminal::columns);
    }

    /** A pipe or file: lines of any length, none of which is drawn again. */
    static Terminal none() {
        return new Terminal(false, () -> USUAL_WIDTH);
    }

    @SuppressWarnings("SystemConsoleNull") // null in a pipe unless jdk.internal.le is among the modules
    private static boolean isConsole() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Whether a line can be drawn again. */
    boolean isInteractive() {
        return interactive;
    }

    /** Columns of the window, as they are now. */
    int width() {
        long now = System.nanoTime();
        if (width == 0 || now - asked > ASK_AGAIN) {
            width = Math.max(LEAST_WIDTH, columns.getAsInt());
            asked = now;
        }
        return width;
    }

    /** The columns that {@code COLUMNS} or the terminal gives. */
    private static int columns() {
        int chosen = positive(System.getenv().getOrDefault("COLUMNS", ""));
        int found = chosen > 0 ? chosen : positive(sizeOfTerminal().replaceFirst("^\\d+ ", ""));
        return found > 0 ? found : USUAL_WIDTH;
    }

    /** What {@code stty size} answers, such as "24 80"; "" if there is no terminal or no such command. */
    private static String sizeOfTerminal() {
        File terminal = new File("/dev/tty");
        if (!terminal.exists()) {
            return "";
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(terminal)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader answer = stty.inputReader(StandardCharsets.US_ASCII)) {
                String line = answer.readLine();
                return line == null ? "" : line;
            }
        } catch (IOException e) { // no controlling terminal, or no stty
            return "";
        }
    }

    private static int positive(String digits) {
        return digits.matches("\\d{1,4}") ? Integer.parseInt(digits) : 0;
    }
}
