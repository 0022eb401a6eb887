package org.safeclip.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.safeclip.selection.GaussianMixture;

/** Benchmark of fitting the Gaussian mixture to all similarities, at the paper's tolerance and a finer one. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class MixtureBench {
    private static final int MOST_ITERATIONS = 1000;
    private static final double LOWER_MEAN = 0.1;
    private static final double NEAR = 0.02;

    /** N, number of pairs. */
    @Param({"10000", "1000000"})
    public int pairs = 10_000;

    /** Tolerance of the fit: change of the mean log-likelihood at which it stops. */
    @Param({"1e-3", "1e-6"})
    public double tolerance = 1e-3;

    private float[] similarities = {};

    /** For JMH. */
    public MixtureBench() {}

    /** Draws the similarities and verifies that the fit recovers their distribution. */
    @Setup(Level.Trial)
    public void draw() {
        similarities = MixtureData.similarities(pairs);
        double lower = GaussianMixture.fit(similarities, 1e-6, MOST_ITERATIONS).means()[0];
        if (!(Math.abs(lower - LOWER_MEAN) < NEAR)) {
            throw new IllegalStateException(
                    "the lower mean is " + lower + ", drawn from 0.1; a wrong fit is not timed");
        }
    }

    /** One fit: initialisation, and iterations until the tolerance. */
    @Benchmark
    public GaussianMixture fit() {
        return GaussianMixture.fit(similarities, tolerance, MOST_ITERATIONS);
    }
}
