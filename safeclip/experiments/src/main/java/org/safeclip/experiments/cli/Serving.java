package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Stack;
import java.util.concurrent.CountDownLatch;
import org.safeclip.settings.InvalidInputException;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** What commands with a local page have in common. */
final class Serving {
    private static final int LAST_PORT = 65_535;

    private Serving() {}

    /**
     * Checks the number of a port.
     *
     * @throws InvalidInputException if it is none
     */
    static int port(int number) {
        if (number < 0 || number > LAST_PORT) {
            throw new InvalidInputException("port " + number + ": expected 0 to " + LAST_PORT);
        }
        return number;
    }

    /** Takes the word after an option for its port only if it is a number; a setting such as {@code batch=32} may follow, too. */
    static final class OnlyNumbers implements IParameterPreprocessor {
        static final String USUAL_PORT = "8080";

        @Override
        public boolean preprocess(Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            if (words.isEmpty() || !words.peek().matches("-?\\d+")) {
                words.push(USUAL_PORT);
            }
            return false;
        }
    }

    /** Waits until the process is interrupted. */
    static void untilInterrupted(PrintWriter out) {
        out.println("Ctrl-C ends it.");
        out.flush();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
