package org.safeclip.bench.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.safeclip.bench.Inputs;
import org.safeclip.bench.KernelCase;
import org.safeclip.bench.Work;
import org.safeclip.tensor.backend.AdamStep;
import org.safeclip.tensor.backend.AttentionShape;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.NormGradients;
import org.safeclip.tensor.backend.NormInput;
import org.safeclip.tensor.backend.Reduction;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.Unary;
import org.safeclip.tensor.backend.WindowShape;

/**
 * The kernels of the comparison at sizes that keep a large GPU busy: square products and those of ViT-B/32, memory-bound
 * kernels over more than any cache, attention of the models, windows and batch norm of RN50.
 */
final class GpuCases {
    private static final float EPSILON = 1e-5f;

    private final boolean quick;

    private GpuCases(boolean quick) {
        this.quick = quick;
    }

    /** Builds a case from its sizes. */
    private interface Sizes {
        KernelCase of(int... sizes);
    }

    /**
     * A family: {@code products}, {@code memory} or {@code attention}; an empty list for another word.
     *
     * @param quick small sizes, for a device that is slow
     */
    static List<GpuCase> family(String family, boolean quick) {
        GpuCases cases = new GpuCases(quick);
        return switch (family) {
            case "products" -> cases.products();
            case "memory" -> cases.memory();
            case "attention" -> cases.attention();
            default -> List.of();
        };
    }

    /** A case named by words, the kernel and perhaps one more; the sizes stand between them. */
    private GpuCase sized(String words, Sizes sizes, int[] large, int... small) {
        int[] timed = quick ? small : large;
        String numbers = Arrays.stream(timed).mapToObj(Integer::toString).collect(Collectors.joining(" "));
        int space = words.indexOf(' ');
        String order =
                space < 0 ? words + " " + numbers : words.substring(0, space) + " " + numbers + words.substring(space);
        return new GpuCase(order, sizes.of(timed), sizes.of(small));
    }

    private static int[] sizes(int... sizes) {
        return sizes;
    }

    private List<GpuCase> products() {
        List<GpuCase> cases = new ArrayList<>();
        int[][] shapes = {
            {4096, 4096, 4096},
            {8192, 8192, 8192},
            {1024, 1024, 1024},
            {12800, 3072, 768},
            {12800, 768, 3072},
            {12800, 2304, 768},
            {19712, 2048, 512},
            {66560, 576, 192},
            {4352, 384, 128},
            {1024, 1024, 128}
        };
        for (int[] shape : shapes) {
            cases.add(product("NN", shape));
        }
        for (int[] shape : new int[][] {{4096, 4096, 4096}, {12800, 3072, 768}, {768, 3072, 12800}}) {
            cases.add(product(shape[0] == 768 ? "TN" : "NT", shape));
        }
        cases.add(product("NT", 3072, 50, 50, 64));
        cases.add(product("NT", 12288, 17, 17, 32));
        return cases;
    }

    /** A product m, n, k, or a batch of them: b, m, n, k. */
    private GpuCase product(String form, int... shape) {
        int[] large = shape.length == 4 ? shape : sizes(1, shape[0], shape[1], shape[2]);
        return sized("product " + form, s -> matmul(form, s), large, 3, 70, 65, 33);
    }

    private static KernelCase matmul(String form, int... s) {
        MatMulShape shape = new MatMulShape(s[0], s[1], s[2], s[3], form.charAt(0) == 'T', form.charAt(1) == 'T');
        double count = s[0];
        Work work = Work.products(
                2.0 * count * s[1] * s[2] * s[3],
                count * ((double) s[1] * s[3] + (double) s[2] * s[3] + (double) s[1] * s[2]));
        return kernel("matmul" + form, work, in -> {
            Storage a = in.normal(s[0] * s[1] * s[3]);
            Storage b = in.normal(s[0] * s[2] * s[3]);
            Storage y = in.output(s[0] * s[1] * s[2]);
            return KernelCase.Ready.of(() -> in.kernels().matmul(shape, a, b, y), y);
        });
    }

    private static KernelCase kernel(String name, Work work, Function<Inputs, KernelCase.Ready> setting) {
        return new KernelCase(name, "GPU", work, setting);
    }

    // ---- memory

    private List<GpuCase> memory() {
        int[] rows = {131072, 512};
        return List.of(
                sized("copy", s -> affine(s[0]), sizes(1 << 28), 1000),
                sized("gelu", s -> gelu(s[0]), sizes(1 << 28), 1000),
                sized("add", s -> add(s[0]), sizes(1 << 28), 1000),
                sized("add_bias", s -> addBias(s[0], s[1]), sizes(65536, 4096), 7, 33),
                sized("softmax", s -> softmax(s[0], s[1]), rows, 7, 33),
                sized("layer_norm", s -> layerNorm(s[0], s[1]), rows, 7, 33),
                sized("layer_norm_gradient", s -> layerNormGradient(s[0], s[1]), rows, 7, 33),
                sized("column_sums", s -> columnSums(s[0], s[1]), rows, 7, 33),
                sized("cross_entropy", s -> crossEntropy(s[0]), sizes(8192), 9),
                sized("adamw", s -> adamW(s[0]), sizes(1 << 27), 1000),
                sized("permute", s -> permute(s[0], s[1], s[2]), sizes(128, 3136, 256), 2, 5, 7),
                sized("unfold", s -> window(s, true), sizes(128, 64, 56, 3), 2, 3, 9, 3),
                sized("fold", s -> window(s, false), sizes(128, 64, 56, 3), 2, 3, 9, 3),
                sized("batch_norm", s -> batchNorm(s, false), sizes(128, 256, 3136), 3, 5, 49),
                sized("batch_norm_gradient", s -> batchNorm(s, true), sizes(128, 256, 3136), 3, 5, 49));
    }

    private static KernelCase affine(int n) {
        return kernel("affine", Work.memory(2.0 * n), in -> {
            Storage x = in.normal(n);
            Storage y = in.output(n);
            return KernelCase.Ready.of(() -> in.kernels().affine(n, 1, 0, x, y), y);
        });
    }

    private static KernelCase gelu(int n) {
        return kernel("gelu", Work.memory(2.0 * n), in -> {
            Storage x = in.normal(n);
            Storage y = in.output(n);
            return KernelCase.Ready.of(() -> in.kernels().map(Unary.GELU, n, x, y), y);
        });
    }

    private static KernelCase add(int n) {
        return kernel("add", Work.memory(3.0 * n), in -> {
            Storage x = in.normal(n);
            Storage b = in.normal(n);
            Storage y = in.output(n);
            return KernelCase.Ready.of(() -> in.kernels().zip(Binary.ADD, BroadcastShape.same(n), x, b, y), y);
        });
    }

    private static KernelCase addBias(int rows, int cols) {
        return kernel("addBias", Work.memory(2.0 * rows * cols), in -> {
            Storage x = in.normal(rows * cols);
            Storage b = in.normal(cols);
            Storage y = in.output(rows * cols);
            BroadcastShape shape = new BroadcastShape(rows, cols, 1);
            return KernelCase.Ready.of(() -> in.kernels().zip(Binary.ADD, shape, x, b, y), y);
        });
    }

    private static KernelCase softmax(int rows, int cols) {
        return kernel("softmax", Work.memory(2.0 * rows * cols), in -> {
            Storage x = in.normal(rows * cols);
            Storage y = in.output(rows * cols);
            return KernelCase.Ready.of(() -> in.kernels().softmax(new MatrixShape(rows, cols), x, y), y);
        });
    }

    private static KernelCase layerNorm(int rows, int cols) {
        return kernel("layerNorm", Work.memory(2.0 * rows * cols), in -> {
            NormInput input = new NormInput(in.normal(rows * cols), in.normal(cols), in.normal(cols), EPSILON);
            Storage y = in.output(rows * cols);
            Storage mean = in.output(rows);
            Storage rstd = in.output(rows);
            MatrixShape shape = new MatrixShape(rows, cols);
            return KernelCase.Ready.of(() -> in.kernels().layerNorm(shape, input, y, mean, rstd), y);
        });
    }

    private static KernelCase layerNormGradient(int rows, int cols) {
        return kernel("layerNormGradient", Work.memory(3.0 * rows * cols), in -> {
            NormInput input = new NormInput(in.normal(rows * cols), in.normal(cols), in.normal(cols), EPSILON);
            Storage y = in.output(rows * cols);
            Storage mean = in.output(rows);
            Storage rstd = in.output(rows);
            Storage dy = in.normal(rows * cols);
            NormGradients gradients = new NormGradients(in.output(rows * cols), in.output(cols), in.output(cols));
            MatrixShape shape = new MatrixShape(rows, cols);
            in.kernels().layerNorm(shape, input, y, mean, rstd);
            return KernelCase.Ready.of(
                    () -> in.kernels().layerNormGradient(shape, input, mean, rstd, dy, gradients), gradients.dx());
        });
    }

    private static KernelCase columnSums(int rows, int cols) {
        return kernel("columnSums", Work.memory((double) rows * cols), in -> {
            Storage x = in.normal(rows * cols);
            Storage y = in.output(cols);
            BroadcastShape shape = new BroadcastShape(rows, cols, 1);
            return KernelCase.Ready.of(() -> in.kernels().reduce(Reduction.SUM, shape, x, y), y);
        });
    }

    private static KernelCase crossEntropy(int n) {
        return kernel("crossEntropy", Work.memory((double) n * n), in -> {
            Storage x = in.normal(n * n);
            var targets = in.ids(n, n);
            Storage losses = in.output(n);
            Storage logSums = in.output(n);
            MatrixShape shape = new MatrixShape(n, n);
            return KernelCase.Ready.of(() -> in.kernels().crossEntropy(shape, x, targets, losses, logSums), losses);
        });
    }

    private static KernelCase adamW(int n) {
        AdamStep step = new AdamStep(5e-4f, 0.1f, 0.9f, 0.999f, 1e-8f, 1);
        return kernel("adamW", Work.memory(7.0 * n), in -> {
            Storage p = in.normal(n);
            Storage g = in.normal(n);
            Storage m = in.zeros(n);
            Storage v = in.zeros(n);
            return KernelCase.Ready.of(() -> in.kernels().adamW(step, n, p, g, m, v), p);
        });
    }

    private static KernelCase permute(int batch, int places, int channels) {
        int n = batch * places * channels;
        return kernel("permute", Work.memory(2.0 * n), in -> {
            Storage x = in.normal(n);
            Storage y = in.output(n);
            int[] dims = {batch, places, channels};
            int[] axes = {0, 2, 1};
            return KernelCase.Ready.of(() -> in.kernels().permute(dims, axes, x, y), y);
        });
    }

    /** Windows of stride 1 and padding 1: batch, channels, side, kernel. */
    private static KernelCase window(int[] s, boolean unfold) {
        WindowShape shape = new WindowShape(s[0], s[1], s[2], s[2], s[3], 1, 1);
        int images = s[0] * s[1] * s[2] * s[2];
        int rows = shape.rows() * shape.cols();
        return kernel(unfold ? "unfold" : "fold", Work.memory((double) images + rows), in -> {
            Storage x = in.normal(unfold ? images : rows);
            Storage y = in.output(unfold ? rows : images);
            return KernelCase.Ready.of(
                    unfold
                            ? () -> in.kernels().unfold(shape, x, y)
                            : () -> in.kernels().fold(shape, x, y),
                    y);
        });
    }

    /** Batch norm over batch, channels, places: reads x twice, as the statistics come first. */
    private static KernelCase batchNorm(int[] s, boolean gradient) {
        BroadcastShape shape = new BroadcastShape(s[0], s[1], s[2]);
        int n = shape.size();
        return kernel(gradient ? "batchNormGradient" : "batchNorm", Work.memory((gradient ? 5.0 : 3.0) * n), in -> {
            NormInput input = new NormInput(in.normal(n), in.normal(s[1]), in.normal(s[1]), EPSILON);
            Storage y = in.output(n);
            Storage mean = in.output(s[1]);
            Storage variance = in.output(s[1]);
            Runnable forward = () -> in.kernels().batchNorm(shape, input, y, mean, variance);
            if (!gradient) {
                return KernelCase.Ready.of(forward, y);
            }
            forward.run();
            Storage dy = in.normal(n);
            NormGradients gradients = new NormGradients(in.output(n), in.output(s[1]), in.output(s[1]));
            return KernelCase.Ready.of(
                    () -> in.kernels().batchNormGradient(shape, input, mean, variance, dy, gradients), gradients.dx());
        });
    }

    // ---- attention

    private List<GpuCase> attention() {
        List<GpuCase> cases = new ArrayList<>();
        int[][] shapes = {{256, 50, 12, 64}, {256, 77, 8, 64}, {1024, 65, 3, 64}, {1024, 17, 4, 32}, {256, 197, 12, 64}
        };
        for (int[] shape : shapes) {
            String mask = shape[1] == 77 ? "causal" : "full";
            for (String name : List.of("attention", "attention_gradient")) {
                boolean gradient = !name.equals("attention");
                cases.add(sized(name + " " + mask, s -> attention(s, mask, gradient), shape, 2, 5, 2, 8));
            }
        }
        return cases;
    }

    private static KernelCase attention(int[] s, String mask, boolean gradient) {
        AttentionShape shape = new AttentionShape(s[0], s[1], s[2], s[3], mask.equals("causal"));
        int tokens = s[0] * s[1];
        double products = (gradient ? 10.0 : 4.0) * tokens * s[1] * shape.width();
        Work work = Work.products(products, (gradient ? 8.0 : 4.0) * tokens * shape.width());
        return kernel(gradient ? "attentionGradient" : "attention", work, in -> {
            Storage qkv = in.normal(3 * tokens * shape.width());
            Storage y = in.output(tokens * shape.width());
            Storage logSums = in.output(tokens * s[2]);
            Runnable forward = () -> in.kernels().attention(shape, qkv, y, logSums);
            if (!gradient) {
                return KernelCase.Ready.of(forward, y);
            }
            forward.run();
            Storage dy = in.normal(tokens * shape.width());
            Storage dqkv = in.output(3 * tokens * shape.width());
            return KernelCase.Ready.of(() -> in.kernels().attentionGradient(shape, qkv, y, logSums, dy, dqkv), dqkv);
        });
    }
}
