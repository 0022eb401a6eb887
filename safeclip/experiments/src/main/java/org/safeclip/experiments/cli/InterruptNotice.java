package org.safeclip.experiments.cli;

import java.io.PrintWriter;

/** Says how to resume if the process is interrupted (Ctrl-C, SIGTERM, SIGHUP) while work is under way. */
final class InterruptNotice implements AutoCloseable {
    private final Thread hook;

    /**
     * A notice from now on, until it is closed.
     *
     * @param howToResume such as "add --resume to continue"
     */
    InterruptNotice(String howToResume, PrintWriter err) {
        hook = Thread.ofPlatform().unstarted(() -> {
            err.println(System.lineSeparator() + "safeclip: interrupted; " + howToResume);
            err.flush();
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) { // the process is ending: the notice has been given
            hook.interrupt();
        }
    }
}
