package org.safeclip.selection;

import java.time.Duration;

/**
 * What a piece of work took: time on the clock, and time on all processors together, which other work on the machine disturbs less.
 *
 * @param wall seconds passed
 * @param cpu seconds of this process on all cores, 0 where the system does not tell
 */
public record ComputeTime(double wall, double cpu) {
    /** No time. */
    public static final ComputeTime NONE = new ComputeTime(0, 0);

    /** The present point in time, for {@link #since}. */
    public static ComputeTime now() {
        Duration used = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return new ComputeTime(System.nanoTime() / 1e9, used.toNanos() / 1e9);
    }

    /** The time between an earlier point in time and this one; of two spans, the difference. */
    public ComputeTime since(ComputeTime start) {
        return new ComputeTime(wall - start.wall, cpu - start.cpu);
    }
}
