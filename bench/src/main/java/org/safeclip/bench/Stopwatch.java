package org.safeclip.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongSupplier;

/**
 * How long a job takes, in thread CPU time, which a busy neighbour distorts least. Only the calling thread counts; where
 * several work, the clock must do.
 */
public final class Stopwatch {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private Stopwatch() {}

    /** Nanoseconds that this thread has computed for. */
    public static long cpuNanos() {
        return CLOCK.getCurrentThreadCpuTime();
    }

    /** A job so short that one reading of the clock times several: nanoseconds of one, {@code nanos} spent in a reading. */
    public static PairedBenchmark.Timer repeated(double nanos, Runnable job) {
        return repeated(Stopwatch::cpuNanos, nanos, job);
    }

    /** The same by another clock, such as {@link System#nanoTime} where the work is done by threads not ours. */
    public static PairedBenchmark.Timer repeated(LongSupplier clock, double nanos, Runnable job) {
        int[] calls = {1};
        return () -> {
            long start = clock.getAsLong();
            for (int i = 0; i < calls[0]; i++) {
                job.run();
            }
            double one = (double) (clock.getAsLong() - start) / calls[0];
            calls[0] = (int) Math.clamp(nanos / Math.max(one, 1), 1, 1 << 20);
            return one;
        };
    }

    /** A job long enough to be timed alone, by the clock. */
    public static PairedBenchmark.Timer wall(Runnable job) {
        return () -> {
            long start = System.nanoTime();
            job.run();
            return System.nanoTime() - start;
        };
    }

    /** A job long enough to be timed alone. */
    public static PairedBenchmark.Timer once(Runnable job) {
        return () -> {
            long start = cpuNanos();
            job.run();
            return cpuNanos() - start;
        };
    }
}
