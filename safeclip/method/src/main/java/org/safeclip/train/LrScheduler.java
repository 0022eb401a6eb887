package org.safeclip.train;

import org.safeclip.nn.optim.Schedule;

/** A learning-rate schedule and the number of steps taken on it. Each kind of pass has its own, so none uses up another's. */
public final class LrScheduler {
    private final Schedule schedule;
    private long steps;

    /** A scheduler at step 0. */
    public LrScheduler(Schedule schedule) {
        this.schedule = schedule;
    }

    /** The learning rate of the next step, which counts as taken. */
    public double next() {
        return schedule.rate(steps++);
    }

    /** Steps taken. */
    public long steps() {
        return steps;
    }

    /** Continues at a step, such as that of a checkpoint. */
    public void restore(long step) {
        steps = step;
    }
}
