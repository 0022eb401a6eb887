package org.safeclip.tensor.cpu;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The pool of worker threads: splits a range into a few equal parts for every thread; each free thread takes the next
 * part, the calling thread included, so that a slow core delays the others little.
 *
 * <p>The assignment is not deterministic: a body must give every element the same bits wherever the range is split.
 * Idle workers spin for a moment, since the next kernel usually follows at once, and then sleep.
 */
public final class Parallel {
    /** Name of the system property with the number of threads, the caller's included; default: all cores. */
    static final String THREADS = "org.safeclip.threads";

    private static final long GRAIN_NANOS = 60_000;
    private static final long SPIN_NANOS = 50_000;
    private static final int PARTS_EACH = 4; // of long work; measured: 1 waits for the slower core, 8 gains no more
    private static final AtomicBoolean BUSY = new AtomicBoolean();

    private static volatile int threads =
            Math.max(1, Integer.getInteger(THREADS, Runtime.getRuntime().availableProcessors()));
    private static volatile long grainNanos = GRAIN_NANOS;
    private static Worker[] workers = new Worker[0]; // guarded by BUSY

    private Parallel() {}

    /** Work over part of a range, called by several threads at once. */
    @FunctionalInterface
    public interface Body {
        /** Processes elements {@code from ... to}, the last excluded. */
        void run(int from, int to);
    }

    /** How many threads share the work, the caller's included. */
    static int threads() {
        return threads;
    }

    /** For tests: sets the number of threads and the shortest part, {@code grain} nanoseconds. */
    static void configure(int count, long grain) {
        threads = count;
        grainNanos = grain;
    }

    /** For tests: restores the settings of the system property. */
    static void reset() {
        configure(Math.max(1, Integer.getInteger(THREADS, Runtime.getRuntime().availableProcessors())), GRAIN_NANOS);
    }

    /**
     * Runs the body over 0 ... n and returns when all of it is done. The pool works on one range at a time: while it is busy, a call
     * from another thread or from within a body runs its whole range itself. What a body throws, the caller gets once every part
     * has ended.
     *
     * @param n size of the range
     * @param step the range is split at multiples of this
     * @param nanos rough cost of the whole on one thread; short work is not split
     */
    public static void rows(int n, int step, long nanos, Body body) {
        int all = threads == 1 ? 1 : threads * PARTS_EACH;
        long most = Math.min(Math.min(all, nanos / Math.max(1, grainNanos)), (n + (long) step - 1) / step);
        if (most < 2 || !BUSY.compareAndSet(false, true)) {
            body.run(0, n);
            return;
        }
        try {
            share(n, step, (int) most, body);
        } finally {
            BUSY.set(false);
        }
    }

    private static void share(int n, int step, int parts, Body body) {
        int helpers = Math.min(threads, parts) - 1;
        if (workers.length < helpers) {
            workers = grow(workers, helpers);
        }
        Job job = new Job(n, step, parts, body, Thread.currentThread());
        for (int i = 0; i < helpers; i++) {
            workers[i].give(job);
        }
        job.run();
        job.await();
        Throwable failure = job.failure;
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private static Worker[] grow(Worker[] old, int count) {
        Worker[] grown = new Worker[count];
        System.arraycopy(old, 0, grown, 0, old.length);
        for (int i = old.length; i < count; i++) {
            grown[i] = new Worker(i + 1);
            grown[i].start();
        }
        return grown;
    }

    /** One range in progress. */
    private static final class Job {
        private final int n;
        private final int step;
        private final int parts;
        private final Body body;
        private final Thread caller;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger unfinished;
        private volatile boolean callerSleeps;
        private volatile @Nullable Throwable failure;

        Job(int n, int step, int parts, Body body, Thread caller) {
            this.n = n;
            this.step = step;
            this.parts = parts;
            this.body = body;
            this.caller = caller;
            this.unfinished = new AtomicInteger(parts);
        }

        private int cut(int part) {
            long steps = (n + (long) step - 1) / step;
            return (int) Math.min(n, steps * part / parts * step);
        }

        /** Takes part after part until none is left. */
        void run() {
            for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
                try {
                    body.run(cut(part), cut(part + 1));
                } catch (RuntimeException | Error e) {
                    failure = e; // the caller throws it once every part has ended
                }
                if (unfinished.decrementAndGet() == 0 && callerSleeps) {
                    LockSupport.unpark(caller);
                }
            }
        }

        void await() {
            long start = System.nanoTime();
            while (unfinished.get() > 0) {
                if (System.nanoTime() - start < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    callerSleeps = true;
                    if (unfinished.get() > 0) {
                        LockSupport.parkNanos(this, 1_000_000);
                    }
                }
            }
        }
    }

    /** One thread that waits for its part of the next job. */
    private static final class Worker extends Thread {
        private volatile @Nullable Job next;
        private volatile boolean sleeps;

        Worker(int number) {
            super("safeclip-worker-" + number);
            setDaemon(true);
        }

        void give(Job job) {
            next = job;
            if (sleeps) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            while (true) {
                take().run();
            }
        }

        private Job take() {
            long start = System.nanoTime();
            while (true) {
                Job job = next;
                if (job != null) {
                    next = null;
                    sleeps = false;
                    return job;
                }
                if (System.nanoTime() - start < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    sleeps = true;
                    if (next == null) {
                        LockSupport.park(this);
                    }
                }
            }
        }
    }
}
