package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.time.Duration;
import org.safeclip.experiments.run.StopRequest;

/**
 * Lets trainings save their state and says how to resume if the process is interrupted (Ctrl-C, SIGTERM, SIGHUP) while work is under
 * way. The JVM then ends with the exit code of the signal: 130, 143 or 129.
 */
final class InterruptNotice implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Thread hook;

    /**
     * A notice from now on, until it is closed.
     *
     * @param howToResume such as "add --resume to continue"
     * @param stop asks the trainings to stop
     */
    InterruptNotice(String howToResume, StopRequest stop, PrintWriter err) {
        hook = Thread.ofPlatform().unstarted(() -> {
            if (stop.isRunning()) {
                say(err, System.lineSeparator() + "safeclip: interrupted; saving the state after this step");
                boolean saved = stop.ask(PATIENCE);
                say(err, "safeclip: " + (saved ? "saved; " : "could not save in time; ") + howToResume);
            } else {
                say(err, System.lineSeparator() + "safeclip: interrupted; " + howToResume);
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private static void say(PrintWriter err, String line) {
        err.println(line);
        err.flush();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) { // the process is ending: the notice is being given
            hook.interrupt();
        }
    }
}
