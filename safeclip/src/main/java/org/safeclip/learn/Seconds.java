package org.safeclip.learn;

import java.time.Duration;

/**
 * What a piece of work cost: time on the clock, and time on all processors together, which neighbours on the same machine
 * disturb less.
 *
 * @param wall seconds passed
 * @param cpu seconds of this process on all cores, 0 where the system does not tell
 */
public record Seconds(double wall, double cpu) {
    /** Nothing. */
    public static final Seconds NONE = new Seconds(0, 0);

    /** A point in time; only {@link #since} makes sense of it. */
    public static Seconds now() {
        Duration used = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return new Seconds(System.nanoTime() / 1e9, used.toNanos() / 1e9);
    }

    /** What passed between a point in time and this one. */
    public Seconds since(Seconds start) {
        return new Seconds(wall - start.wall, cpu - start.cpu);
    }

    /** The sum. */
    public Seconds plus(Seconds more) {
        return new Seconds(wall + more.wall, cpu + more.cpu);
    }
}
