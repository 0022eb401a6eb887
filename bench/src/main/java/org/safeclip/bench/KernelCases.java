package org.safeclip.bench;

import java.util.Locale;
import org.safeclip.tensor.backend.AdamStep;
import org.safeclip.tensor.backend.AttentionShape;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.LinearInput;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.NormGradients;
import org.safeclip.tensor.backend.NormInput;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.Unary;
import org.safeclip.tensor.backend.WindowShape;

/**
 * Benchmark cases of all kernel families at sizes met in the models: those of the <em>small</em> model of {@link
 * StepModel} with 256 images of 17 tokens, unless the shape says otherwise.
 */
public final class KernelCases {
    private static final float EPSILON = 1e-5f;

    private KernelCases() {}

    /** Rows, columns and depth of a product y [m, n] = op(a) [m, k] · op(b) [k, n]. */
    static int[] product(String shape) {
        return switch (shape) {
            case "attention" -> new int[] {4352, 384, 128};
            case "attentionOut" -> new int[] {4352, 128, 128};
            case "mlpUp" -> new int[] {4352, 512, 128};
            case "mlpDown" -> new int[] {4352, 128, 512};
            case "logits" -> new int[] {256, 256, 128};
            case "patches" -> new int[] {4096, 128, 192};
            case "resnetStem" -> new int[] {8192, 32, 27};
            case "square512" -> new int[] {512, 512, 512};
            default -> throw unknown(shape);
        };
    }

    /** Family matmul: a matrix product; the form NN, NT or TN says which operand is stored transposed. */
    public static KernelCase matmul(String form, String shape) {
        int[] s = product(shape);
        MatMulShape sizes = new MatMulShape(1, s[0], s[1], s[2], form.charAt(0) == 'T', form.charAt(1) == 'T');
        int m = s[0];
        int n = s[1];
        int k = s[2];
        Work work = Work.products(2.0 * m * n * k, (double) m * k + (double) k * n + (double) m * n);
        return new KernelCase("matmul" + form, shape, work, in -> {
            Storage a = in.normal(m * k);
            Storage b = in.normal(k * n);
            Storage y = in.output(m * n);
            return KernelCase.Ready.of(() -> in.kernels().matmul(sizes, a, b, y), y);
        });
    }

    /** Family matmul: a linear layer y = x·wᵀ + bias. */
    public static KernelCase linear(String shape) {
        int[] s = product(shape);
        int rows = s[0];
        int out = s[1];
        int width = s[2];
        double numbers = (double) rows * width + (double) width * out + out + (double) rows * out;
        return new KernelCase("linear", shape, Work.products(2.0 * rows * out * width, numbers), in -> {
            Storage x = in.normal(rows * width);
            Storage w = in.normal(out * width);
            Storage bias = in.normal(out);
            Storage y = in.output(rows * out);
            LinearInput input = new LinearInput(rows, width, out, x, w, bias);
            return KernelCase.Ready.of(() -> in.kernels().linear(input, y), y);
        });
    }

    private static int elements(String shape) {
        return switch (shape) {
            case "tokens" -> 4352 * 128;
            case "mlpUp" -> 4352 * 512;
            default -> throw unknown(shape);
        };
    }

    /** Family elementwise: a function of one or two operands. */
    public static KernelCase elementwise(String kernel, String shape) {
        int n = elements(shape);
        String name = kernel.toUpperCase(Locale.ROOT);
        for (Unary f : Unary.values()) {
            if (f.name().equals(name)) {
                return new KernelCase(kernel, shape, Work.memory(2.0 * n), in -> {
                    Storage x = in.normal(n);
                    Storage y = in.output(n);
                    return KernelCase.Ready.of(() -> in.kernels().map(f, n, x, y), y);
                });
            }
        }
        Binary f = Binary.valueOf(name);
        return new KernelCase(kernel, shape, Work.memory(3.0 * n), in -> {
            Storage a = in.normal(n);
            Storage b = in.normal(n);
            Storage y = in.output(n);
            return KernelCase.Ready.of(() -> in.kernels().zip(f, BroadcastShape.same(n), a, b, y), y);
        });
    }

    private static int[] rowsOf(String shape) {
        return switch (shape) {
            case "scores17" -> new int[] {17408, 17};
            case "scores65" -> new int[] {24960, 65};
            case "tokens" -> new int[] {4352, 128};
            case "logits" -> new int[] {512, 512};
            default -> throw unknown(shape);
        };
    }

    /** Family rows: a row-wise kernel on a matrix. */
    public static KernelCase rows(String kernel, String shape) {
        int rows = rowsOf(shape)[0];
        int cols = rowsOf(shape)[1];
        int n = rows * cols;
        MatrixShape s = new MatrixShape(rows, cols);
        return switch (kernel) {
            case "softmax" ->
                new KernelCase(kernel, shape, Work.memory(2.0 * n), in -> {
                    Storage x = in.normal(n);
                    Storage y = in.output(n);
                    return KernelCase.Ready.of(() -> in.kernels().softmax(s, x, y), y);
                });
            case "softmaxGradient" ->
                new KernelCase(kernel, shape, Work.memory(3.0 * n), in -> {
                    Storage y = in.normal(n);
                    Storage dy = in.normal(n);
                    Storage dx = in.output(n);
                    return KernelCase.Ready.of(() -> in.kernels().softmaxGradient(s, y, dy, dx), dx);
                });
            case "layerNorm" ->
                new KernelCase(kernel, shape, Work.memory(2.0 * n), in -> {
                    Storage x = in.normal(n);
                    Storage gamma = in.normal(cols);
                    Storage beta = in.normal(cols);
                    NormInput input = new NormInput(x, gamma, beta, EPSILON);
                    Storage y = in.output(n);
                    Storage mean = in.output(rows);
                    Storage rstd = in.output(rows);
                    return KernelCase.Ready.of(() -> in.kernels().layerNorm(s, input, y, mean, rstd), y);
                });
            case "layerNormGradient" ->
                new KernelCase(kernel, shape, Work.memory(3.0 * n), in -> {
                    Storage x = in.normal(n);
                    Storage gamma = in.normal(cols);
                    Storage mean = in.zeros(rows);
                    Storage rstd = in.normal(rows);
                    Storage dy = in.normal(n);
                    Storage dx = in.output(n);
                    NormInput input = new NormInput(x, gamma, in.zeros(cols), EPSILON);
                    NormGradients gradients = new NormGradients(dx, in.output(cols), in.output(cols));
                    return KernelCase.Ready.of(
                            () -> in.kernels().layerNormGradient(s, input, mean, rstd, dy, gradients), dx);
                });
            case "l2Normalize" ->
                new KernelCase(kernel, shape, Work.memory(2.0 * n), in -> {
                    Storage x = in.normal(n);
                    Storage y = in.output(n);
                    Storage norms = in.output(rows);
                    return KernelCase.Ready.of(() -> in.kernels().l2Normalize(s, EPSILON, x, y, norms), y);
                });
            case "crossEntropy" ->
                new KernelCase(kernel, shape, Work.memory(n), in -> {
                    Storage x = in.normal(n);
                    IntStorage targets = in.ids(rows, cols);
                    Storage losses = in.output(rows);
                    Storage logSums = in.output(rows);
                    return KernelCase.Ready.of(() -> in.kernels().crossEntropy(s, x, targets, losses, logSums), losses);
                });
            default -> throw unknown(kernel);
        };
    }

    /** Sizes of an attention. */
    static AttentionShape heads(String shape) {
        return switch (shape) {
            case "small" -> new AttentionShape(256, 17, 4, 32, false);
            case "base" -> new AttentionShape(128, 65, 3, 64, false);
            case "captions" -> new AttentionShape(128, 32, 4, 32, true);
            case "clip77" -> new AttentionShape(16, 77, 8, 64, true);
            default -> throw unknown(shape);
        };
    }

    /** Family attention: the forward or the backward pass. */
    public static KernelCase attention(String direction, String shape) {
        AttentionShape s = heads(shape);
        int tokens = s.batch() * s.tokens();
        double product = 2.0 * tokens * s.tokens() * s.width() * (s.causal() ? 0.5 : 1);
        boolean forward = direction.equals("forward");
        // scores and values; backwards dv, dshares, dq, dk, and the scores once more
        Work work = forward
                ? Work.products(2 * product, 4.0 * tokens * s.width())
                : Work.products(5 * product, 8.0 * tokens * s.width());
        return new KernelCase(forward ? "attention" : "attentionGradient", shape, work, in -> {
            Storage qkv = in.normal(tokens * 3 * s.width());
            Storage dy = in.normal(tokens * s.width());
            Storage y = in.output(tokens * s.width());
            Storage logSums = in.output(tokens * s.heads());
            Storage dqkv = in.output(tokens * 3 * s.width());
            if (forward) {
                return KernelCase.Ready.of(() -> in.kernels().attention(s, qkv, y, logSums), y);
            }
            in.kernels().attention(s, qkv, y, logSums);
            return KernelCase.Ready.of(() -> in.kernels().attentionGradient(s, qkv, y, logSums, dy, dqkv), dqkv);
        });
    }

    /** Sizes of images and windows. */
    static WindowShape windows(String shape) {
        return switch (shape) {
            case "patches" -> new WindowShape(256, 3, 32, 32, 8, 8, 0);
            case "resnetStem" -> new WindowShape(32, 3, 64, 64, 3, 2, 1);
            case "resnetBody" -> new WindowShape(32, 64, 16, 16, 3, 1, 1);
            default -> throw unknown(shape);
        };
    }

    /** Family convolution: unfold (im2col) or fold (col2im). */
    public static KernelCase windows(String kernel, String shape) {
        WindowShape s = windows(shape);
        int pictures = s.batch() * s.channels() * s.height() * s.width();
        int rows = s.rows() * s.cols();
        boolean unfold = kernel.equals("unfold");
        return new KernelCase(kernel, shape, Work.memory((double) pictures + rows), in -> {
            Storage x = in.normal(unfold ? pictures : rows);
            Storage y = in.output(unfold ? rows : pictures);
            return KernelCase.Ready.of(
                    unfold
                            ? () -> in.kernels().unfold(s, x, y)
                            : () -> in.kernels().fold(s, x, y),
                    y);
        });
    }

    /** Family convolution: the convolution to as many channels, at least 32, or its gradient for the images or the weights. */
    public static KernelCase convolution(String kernel, String shape) {
        WindowShape s = windows(shape);
        int out = Math.max(32, s.channels());
        int images = s.batch() * s.channels() * s.height() * s.width();
        int weights = out * s.cols();
        int results = out * s.rows();
        Work work = Work.products(2.0 * weights * s.rows(), (double) images + weights + results);
        return new KernelCase(kernel, shape, work, in -> {
            boolean forward = kernel.equals("convolve");
            boolean toImages = kernel.equals("convolveInputGradient");
            Storage x = toImages ? in.output(images) : in.normal(images);
            Storage w = forward || toImages ? in.normal(weights) : in.output(weights);
            Storage y = forward ? in.output(results) : in.normal(results);
            Kernels kernels = in.kernels();
            return switch (kernel) {
                case "convolve" -> KernelCase.Ready.of(convolve(in, s, out, x, w, y), y);
                case "convolveInputGradient" ->
                    KernelCase.Ready.of(() -> kernels.convolveInputGradient(s, out, w, y, x), x);
                case "convolveWeightGradient" ->
                    KernelCase.Ready.of(() -> kernels.convolveWeightGradient(s, out, x, y, w), w);
                default -> throw unknown(kernel);
            };
        });
    }

    /** The convolution as this backend does it: in one kernel, or as a product of the unfolded images. */
    private static Runnable convolve(Inputs in, WindowShape s, int out, Storage x, Storage w, Storage y) {
        Kernels kernels = in.kernels();
        if (kernels.convolves(s)) {
            return () -> kernels.convolve(s, out, x, w, y);
        }
        Storage unfolded = in.output(s.rows() * s.cols());
        Storage rows = in.output(s.rows() * out);
        int[] dims = {s.batch(), s.outHeight() * s.outWidth(), out};
        int[] axes = {0, 2, 1};
        return () -> {
            kernels.unfold(s, x, unfolded);
            kernels.matmul(new MatMulShape(1, s.rows(), out, s.cols(), false, true), unfolded, w, rows);
            kernels.permute(dims, axes, rows, y);
        };
    }

    /** Family convolution: batch norm over the output channels of {@code resnetStem} or {@code resnetBody}. */
    public static KernelCase batchNorm(String shape) {
        WindowShape s = windows(shape);
        BroadcastShape channels = new BroadcastShape(s.batch(), 64, s.outHeight() * s.outWidth());
        int n = channels.size();
        return new KernelCase("batchNorm", shape, Work.memory(2.0 * n), in -> {
            Storage x = in.normal(n);
            Storage gamma = in.normal(64);
            Storage beta = in.normal(64);
            NormInput input = new NormInput(x, gamma, beta, EPSILON);
            Storage y = in.output(n);
            Storage mean = in.output(64);
            Storage variance = in.output(64);
            return KernelCase.Ready.of(() -> in.kernels().batchNorm(channels, input, y, mean, variance), y);
        });
    }

    /** Family layout: permute (attention heads), gather and scatter (embeddings of a vocabulary of 2048). */
    public static KernelCase layout(String kernel) {
        int rows = 4096;
        int cols = 128;
        int n = rows * cols;
        return switch (kernel) {
            case "permute" ->
                new KernelCase(kernel, "heads", Work.memory(2.0 * n), in -> {
                    Storage x = in.normal(n);
                    Storage y = in.output(n);
                    int[] dims = {256, 16, 4, 32};
                    int[] axes = {0, 2, 1, 3};
                    return KernelCase.Ready.of(() -> in.kernels().permute(dims, axes, x, y), y);
                });
            case "gatherRows" ->
                new KernelCase(kernel, "words", Work.memory(2.0 * n), in -> {
                    Storage x = in.normal(2048 * cols);
                    IntStorage ids = in.ids(rows, 2048);
                    Storage y = in.output(n);
                    return KernelCase.Ready.of(() -> in.kernels().gatherRows(rows, cols, x, ids, y), y);
                });
            case "scatterAddRows" ->
                new KernelCase(kernel, "words", Work.memory(3.0 * n), in -> {
                    Storage x = in.normal(n);
                    IntStorage ids = in.ids(rows, 2048);
                    Storage y = in.zeros(2048 * cols);
                    return KernelCase.Ready.of(() -> in.kernels().scatterAddRows(rows, cols, x, ids, y), y);
                });
            default -> throw unknown(kernel);
        };
    }

    /** Family optimiser: AdamW over a flat block of parameters. */
    public static KernelCase adamW(String shape) {
        int n = shape.equals("small") ? 2_000_000 : 4_000_000;
        AdamStep step = new AdamStep(5e-4f, 0.1f, 0.9f, 0.999f, 1e-8f, 1);
        return new KernelCase("adamW", shape, Work.memory(7.0 * n), in -> {
            Storage p = in.normal(n);
            Storage g = in.normal(n);
            Storage m = in.zeros(n);
            Storage v = in.zeros(n);
            return KernelCase.Ready.of(() -> in.kernels().adamW(step, n, p, g, m, v), p);
        });
    }

    /** Family search: the nearest row of a pool of 4096 for each row of a batch. */
    public static KernelCase nearest() {
        int rows = 256;
        int pool = 4096;
        int width = 128;
        Work work = Work.products(2.0 * rows * pool * width, (double) (rows + pool) * width);
        return new KernelCase("nearest", "pool", work, in -> {
            Storage x = in.normal(rows * width);
            Storage y = in.normal(pool * width);
            IntStorage at = in.ints(rows);
            return KernelCase.Ready.of(() -> in.kernels().nearest(rows, pool, width, x, y, at), at);
        });
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("no kernel or shape is called '" + name + "'; see KernelCases");
    }
}
