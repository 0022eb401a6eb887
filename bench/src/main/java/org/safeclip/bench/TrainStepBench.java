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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.safeclip.tensor.backend.BackendUnavailable;

/** Benchmark of one {@link TrainStep} of 128 pairs on one thread; the scalar backend needs seconds for it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Dorg.safeclip.threads=1"})
@Warmup(iterations = 10)
@Measurement(iterations = 15)
public class TrainStepBench {
    /** Backend to measure. */
    @Param("simd")
    public String backend = "simd";

    /** Model to train. */
    @Param({"tiny", "small", "base"})
    public String model = "small";

    private TrainStep step;

    /** For JMH, which then calls {@link #open}. */
    @SuppressWarnings("NullAway.Init")
    public TrainStepBench() {}

    /** Verifies the backend, then builds the model. */
    @Setup(Level.Trial)
    public void open() throws BackendUnavailable {
        step = TrainStep.proved(StepModel.of(model), backend);
    }

    /** Closes the backend. */
    @TearDown(Level.Trial)
    public void close() {
        step.close();
    }

    /** One step: forward, backward, AdamW. */
    @Benchmark
    public float step() {
        return step.run();
    }
}
