package org.safeclip.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.Random;
import java.util.function.Supplier;
import org.safeclip.bench.Agreement;
import org.safeclip.bench.PairedBenchmark;
import org.safeclip.bench.Stopwatch;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.NormInput;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.Unary;

/** Families {@code row} and {@code gelu}: functions of numbers and of rows in libtorch, numbers a nanosecond. */
final class RowPeers {
    private static final int WARM_UP = 20;
    private static final int ROUNDS = 31;
    private static final double READING = 5e6; // nanoseconds of work between two looks at the clock
    private static final float EPSILON = 1e-5f;

    private final Backend backend;
    private final Torch torch;

    private RowPeers(Backend backend, Torch torch) {
        this.backend = backend;
        this.torch = torch;
    }

    static void run(Backend backend, Torch torch) {
        RowPeers peers = new RowPeers(backend, torch);
        peers.map("row/exp-4352x128", Unary.EXP, 4352, 128, NDArray::exp);
        peers.map("row/tanh-4352x128", Unary.TANH, 4352, 128, NDArray::tanh);
        peers.map("gelu/erf-4352x512", Unary.GELU, 4352, 512, Activation::gelu);
        peers.softmax(17408, 17);
        peers.softmax(24960, 65);
        peers.layerNorm(4352, 128);
    }

    private void map(String name, Unary f, int rows, int cols, java.util.function.UnaryOperator<NDArray> theirs) {
        float[] numbers = Numbers.normal(new Random(7), rows * cols);
        Storage x = Numbers.on(backend, numbers);
        Storage y = backend.allocate(rows * cols);
        Kernels kernels = backend.kernels();
        try (NDArray peer = torch.array(numbers, rows, cols)) {
            compare(name, y, () -> kernels.map(f, rows * cols, x, y), () -> theirs.apply(peer));
        }
    }

    private void softmax(int rows, int cols) {
        float[] numbers = Numbers.normal(new Random(7), rows * cols);
        Storage x = Numbers.on(backend, numbers);
        Storage y = backend.allocate(rows * cols);
        Kernels kernels = backend.kernels();
        try (NDArray peer = torch.array(numbers, rows, cols)) {
            compare("row/softmax-" + rows + "x" + cols, y, () -> kernels.softmax(new MatrixShape(rows, cols), x, y), () -> peer.softmax(1));
        }
    }

    private void layerNorm(int rows, int cols) {
        Random random = new Random(7);
        float[] numbers = Numbers.normal(random, rows * cols);
        float[] scale = Numbers.normal(random, cols);
        float[] shift = Numbers.normal(random, cols);
        Storage x = Numbers.on(backend, numbers);
        Storage gamma = Numbers.on(backend, scale);
        Storage beta = Numbers.on(backend, shift);
        NormInput input = new NormInput(x, gamma, beta, EPSILON);
        Storage y = backend.allocate(rows * cols);
        Storage mean = backend.allocate(rows);
        Storage rstd = backend.allocate(rows);
        Kernels kernels = backend.kernels();
        try (NDArray peer = torch.array(numbers, rows, cols);
                NDArray peerGamma = torch.array(scale, cols);
                NDArray peerBeta = torch.array(shift, cols)) {
            compare(
                    "row/layerNorm-" + rows + "x" + cols,
                    y,
                    () -> kernels.layerNorm(new MatrixShape(rows, cols), input, y, mean, rstd),
                    () -> Torch.layerNorm(peer, peerGamma, peerBeta));
        }
    }

    private static void compare(String name, Storage y, Runnable ours, Supplier<NDArray> theirs) {
        ours.run();
        try (NDArray answer = theirs.get()) {
            Agreement.require(name, answer.toFloatArray(), Numbers.of(y));
        }
        Runnable peer = () -> theirs.get().close();
        PairedBenchmark pair = PairedBenchmark.of(WARM_UP, ROUNDS, Stopwatch.repeated(READING, ours), Stopwatch.repeated(READING, peer));
        System.out.println(pair.line(name, y.length()));
    }
}
