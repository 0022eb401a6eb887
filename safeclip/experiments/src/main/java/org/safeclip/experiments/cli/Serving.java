package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import org.safeclip.settings.InvalidInputException;

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
