package org.safeclip.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongSupplier;

/**
 * Times jobs in CPU time of the calling thread, which other load distorts least, or by the clock where several threads
 * work.
 */
public final class Stopwatch {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private Stopwatch() {}

    /** CPU time of the calling thread in nanoseconds. */
    public static long cpuNanos() {
        return CLOCK.getCurrentThreadCpuTime();
    }

    /** CPU time of a short job: repeats it for about {@code nanos} nanoseconds and returns the mean. */
    public static PairedBenchmark.Timer repeated(double nanos, Runnable job) {
        return repeated(Stopwatch::cpuNanos, nanos, job);
    }

    /** Time of a short job by this clock: repeats it for about {@code nanos} nanoseconds and returns the mean. */
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

    /** Wall-clock time of a job long enough to be timed alone. */
    public static PairedBenchmark.Timer wall(Runnable job) {
        return () -> {
            long start = System.nanoTime();
            job.run();
            return System.nanoTime() - start;
        };
    }

    /** CPU time of a job long enough to be timed alone. */
    public static PairedBenchmark.Timer once(Runnable job) {
        return () -> {
            long start = cpuNanos();
            job.run();
            return cpuNanos() - start;
        };
    }
}
