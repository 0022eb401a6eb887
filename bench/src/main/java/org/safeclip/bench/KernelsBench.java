package org.safeclip.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
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
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;

/**
 * Matrix product, softmax and layer norm in the sizes of one training step of the <em>small</em> model: batch 256 of 17
 * tokens, width 128, 4 heads.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
public class KernelsBench {
    private static final int ROWS = 4352; // 256 pictures of 17 tokens
    private static final int WIDTH = 128;
    private static final MatMulShape PRODUCT = new MatMulShape(1, ROWS, 3 * WIDTH, WIDTH, false, true);
    private static final int SCORE_ROWS = 4 * ROWS; // one a head
    private static final int SCORE_COLS = 17;
    private static final float EPSILON = 1e-5f;

    /** The backend to measure. */
    @Param({"scalar", "simd"})
    public String backend = "simd";

    private Backend device;
    private Storage x;
    private Storage weight;
    private Storage product;
    private Storage scores;
    private Storage shares;
    private Storage gamma;
    private Storage beta;
    private Storage normal;
    private Storage mean;
    private Storage rstd;

    /** Used by JMH, which then calls {@link #open}. */
    @SuppressWarnings("NullAway.Init")
    public KernelsBench() {}

    /** Opens the backend, fills its inputs and proves its answers against the scalar backend. */
    @Setup(Level.Trial)
    public void open() throws BackendUnavailable {
        prepare(backend);
        float[][] got = answers();
        if (!backend.equals("scalar")) {
            close();
            prepare("scalar");
            float[][] want = answers();
            close();
            Agreement.require("matmul", want[0], got[0]);
            Agreement.require("softmax", want[1], got[1]);
            Agreement.require("layer norm", want[2], got[2]);
            prepare(backend);
        }
    }

    private void prepare(String name) throws BackendUnavailable {
        device = Backends.open(name);
        RandomGenerator random = new Random(7);
        x = normal(random, ROWS * WIDTH);
        weight = normal(random, 3 * WIDTH * WIDTH);
        product = device.allocate(ROWS * 3 * WIDTH);
        scores = normal(random, SCORE_ROWS * SCORE_COLS);
        shares = device.allocate(SCORE_ROWS * SCORE_COLS);
        gamma = normal(random, WIDTH);
        beta = normal(random, WIDTH);
        normal = device.allocate(ROWS * WIDTH);
        mean = device.allocate(ROWS);
        rstd = device.allocate(ROWS);
    }

    private Storage normal(RandomGenerator random, int length) {
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        Storage storage = device.allocate(length);
        storage.write(numbers, 0, length);
        return storage;
    }

    private float[][] answers() {
        return new float[][] {numbers(matmul()), numbers(softmax()), numbers(layerNorm())};
    }

    private static float[] numbers(Storage storage) {
        float[] numbers = new float[storage.length()];
        storage.read(numbers, 0, numbers.length);
        return numbers;
    }

    /** Gives the backend back. */
    @TearDown(Level.Trial)
    public void close() {
        device.close();
    }

    /** y [4352, 384] = x [4352, 128]·wᵀ: the query-key-value projection. */
    @Benchmark
    public Storage matmul() {
        device.kernels().matmul(PRODUCT, x, weight, product);
        device.finish();
        return product;
    }

    /** Softmax of 17408 rows of 17 scores. */
    @Benchmark
    public Storage softmax() {
        device.kernels().softmax(SCORE_ROWS, SCORE_COLS, scores, shares);
        device.finish();
        return shares;
    }

    /** Layer norm of 4352 rows of 128. */
    @Benchmark
    public Storage layerNorm() {
        device.kernels().layerNorm(ROWS, WIDTH, EPSILON, x, gamma, beta, normal, mean, rstd);
        device.finish();
        return normal;
    }
}
