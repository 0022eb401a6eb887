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
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;

/** Base of the kernel benchmarks: opens the backend, verifies the result, measures the call. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class KernelBench {
    /** Backend to measure. */
    @Param({"scalar", "simd", "opencl"})
    public String backend = "simd";

    private Backend device;
    private Runnable kernel;

    /** For JMH, which then calls {@link #open}. */
    @SuppressWarnings("NullAway.Init")
    protected KernelBench() {}

    /** The kernel selected by the benchmark's parameters. */
    protected abstract KernelCase chosen();

    /** Opens the backend and verifies its result against the scalar one; a backend that cannot open is skipped. */
    @Setup(Level.Trial)
    public void open() {
        try {
            device = Backends.open(backend);
        } catch (BackendUnavailable e) {
            throw new Skipped(backend + ": " + e.getMessage());
        }
        KernelCase chosen = chosen();
        kernel = chosen.proved(device).run();
        RooflineProfiler.measuring(chosen.work());
    }

    /** Closes the backend. */
    @TearDown(Level.Trial)
    public void close() {
        if (device != null) {
            device.close();
        }
    }

    /** One call, including the wait for the device. */
    @Benchmark
    public void run() {
        kernel.run();
        device.finish();
    }

    /** Thrown to skip a backend that cannot open; its message is the reason, on one line. */
    static final class Skipped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Skipped(String reason) {
            super("skipped, " + reason, null, false, false);
        }
    }
}
