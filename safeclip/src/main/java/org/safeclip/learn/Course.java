package org.safeclip.learn;

import org.safeclip.nn.optim.Schedule;

/** A schedule and how far it has come: each kind of pass keeps its own, so that none starves another. */
public final class Course {
    private final Schedule schedule;
    private long steps;

    /** A course at its start. */
    public Course(Schedule schedule) {
        this.schedule = schedule;
    }

    /** The rate of the next step. */
    public double next() {
        return schedule.rate(steps++);
    }

    /** Steps taken. */
    public long steps() {
        return steps;
    }

    /** Goes on as if so many steps had been taken. */
    public void restore(long taken) {
        steps = taken;
    }
}
