package org.safeclip.experiments.cli;

import org.jspecify.annotations.Nullable;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.CommunicatorUnavailable;
import org.safeclip.nn.parallel.Communicators;

/** The job of several processes that this one may belong to: joined by commands that can share their work, and left at their end. */
final class Job {
    private static final long PATIENCE_MILLIS = 1000;

    private @Nullable Communicator joined;

    /**
     * Joins the job that this process was started in.
     *
     * @return its processes; this one alone where it was not started in any
     */
    Communicator join() throws CommunicatorUnavailable {
        Communicator processes = Communicators.ofThisJob();
        joined = processes;
        return processes;
    }

    /** Waits for the others and leaves. */
    void leave() {
        Communicator processes = joined;
        if (processes != null) {
            joined = null;
            processes.close();
        }
    }

    /**
     * Called before a failure is reported. The first process has most likely failed in the same way: its report is enough, and it
     * ends this process before this one has waited.
     */
    void letTheFirstSpeak() {
        Communicator processes = joined;
        if (processes != null && !processes.isFirst()) {
            try {
                Thread.sleep(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Called after a failure was reported: ends all processes of the job, which would wait for this one. */
    void fail(int code) {
        Communicator processes = joined;
        if (processes != null && processes.size() > 1) {
            processes.abort(code);
        }
    }
}
