package org.safeclip.bench;

import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;

/**
 * Roofline ceilings of this machine, measured now for a number of threads: multiply-adds in registers, and copies of
 * arrays in the requested size, since caches are faster than memory.
 */
public final class Ceilings {
    private static final double SMALLEST = 1 << 14;
    private static final double LARGEST = 1 << 28;
    private static final double READING = 2e6; // nanoseconds of copying between two looks at the clock
    private static final int READINGS = 15;

    private final double gigaflops;
    private final DoubleUnaryOperator copy;
    private final Map<Integer, Double> copies = new ConcurrentHashMap<>();

    private Ceilings(double gigaflops, DoubleUnaryOperator copy) {
        this.gigaflops = gigaflops;
        this.copy = copy;
    }

    /** Measures the compute ceiling with this many threads; copies are measured on demand. */
    public static Ceilings measure(int threads) {
        return new Ceilings(
                together(threads, FmaPeak::gigaflops), bytes -> together(threads, () -> copy(bytes / threads)));
    }

    /** Given ceilings: GFLOP/s, and GB/s of copies of any size. */
    static Ceilings of(double gigaflops, double gigabytes) {
        return new Ceilings(gigaflops, bytes -> gigabytes);
    }

    /** Compute ceiling in GFLOP/s. */
    public double gigaflops() {
        return gigaflops;
    }

    /** Memory ceiling in GB/s: rate of a copy that reads and writes {@code bytes} in total. */
    public double gigabytes(double bytes) {
        int power = Math.getExponent(Math.clamp(bytes, SMALLEST, LARGEST));
        return copies.computeIfAbsent(power, p -> copy.applyAsDouble(Math.scalb(1.0, p)));
    }

    /** The best of some readings. */
    private static double copy(double bytes) {
        int floats = (int) (bytes / 2 / Float.BYTES);
        float[] from = new float[floats];
        float[] to = new float[floats];
        PairedBenchmark.Timer copy = Stopwatch.repeated(READING, () -> System.arraycopy(from, 0, to, 0, floats));
        double best = Double.MAX_VALUE;
        for (int i = 0; i < READINGS; i++) {
            best = Math.min(best, copy.nanos());
        }
        return 2.0 * floats * Float.BYTES / best;
    }

    /** The sum over threads that measure at the same time. */
    private static double together(int threads, DoubleSupplier measurement) {
        CyclicBarrier start = new CyclicBarrier(threads);
        DoubleAdder sum = new DoubleAdder();
        Thread[] others = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            others[i] = Thread.ofPlatform().start(() -> {
                await(start);
                sum.add(measurement.getAsDouble());
            });
        }
        for (Thread other : others) {
            join(other);
        }
        return sum.sum();
    }

    private static void await(CyclicBarrier start) {
        try {
            start.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }
}
