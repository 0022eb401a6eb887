package org.safeclip.experiments.run;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks the trainings of a process that is about to end to save their state after the present step and to go no further. */
public final class StopRequest {
    private final Set<TrainingRun> running = new HashSet<>(); // guarded by this
    private volatile boolean asked;

    /** A request that has not been made. */
    public StopRequest() {}

    /** Whether a training is under way. */
    public synchronized boolean isRunning() {
        return !running.isEmpty();
    }

    /**
     * Makes the request, and waits until all trainings have saved their state or ended.
     *
     * @param patience how long to wait at most
     * @return whether they have
     */
    public synchronized boolean ask(Duration patience) {
        asked = true;
        long end = System.nanoTime() + patience.toNanos();
        try {
            for (long left = patience.toNanos(); isRunning() && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !isRunning();
    }

    boolean isAsked() {
        return asked;
    }

    synchronized void started(TrainingRun run) {
        running.add(run);
    }

    synchronized void ended(TrainingRun run) {
        running.remove(run);
        notifyAll();
    }

    /**
     * Called by a training that has been asked and has saved its state; its thread waits here for the end of the process.
     *
     * @throws IllegalStateException if it is interrupted instead
     */
    void saved(TrainingRun run) {
        ended(run);
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.park(this);
        }
        throw new IllegalStateException("stopped after its state was saved");
    }
}
