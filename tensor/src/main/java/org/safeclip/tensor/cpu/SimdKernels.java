package org.safeclip.tensor.cpu;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.AdamStep;
import org.safeclip.tensor.backend.AttentionShape;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.LinearInput;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.NormGradients;
import org.safeclip.tensor.backend.NormInput;
import org.safeclip.tensor.backend.Reduction;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.Unary;
import org.safeclip.tensor.backend.WindowShape;

/**
 * The same as {@link ScalarKernels}, only faster: vector instructions on all cores where a benchmark says that it pays.
 * This class splits each kernel among the threads; the loops are in the Simd classes it calls.
 */
final class SimdKernels extends ScalarKernels {
    private static final int CHUNK = 1024; // cuts of elementwise work fall on multiples of any vector length

    private static float[] floats(Storage storage) {
        return HostStorage.array(storage);
    }

    // ---- basic kernels

    @Override
    public void map(Unary f, int n, Storage x, Storage y) {
        float[] xs = floats(x);
        float[] ys = floats(y);
        Parallel.rows(n, CHUNK, f == Unary.LOG ? 10L * n : n, (from, to) -> map(f, from, to, xs, ys));
    }

    private static void map(Unary f, int from, int to, float[] x, float[] y) {
        switch (f) {
            case NEG -> SimdMaps.neg(from, to, x, y);
            case EXP -> SimdMaps.exp(from, to, x, y);
            case LOG -> SimdMaps.log(from, to, x, y);
            case SQRT -> SimdMaps.sqrt(from, to, x, y);
            case TANH -> SimdMaps.tanh(from, to, x, y);
            case SIGMOID -> SimdMaps.sigmoid(from, to, x, y);
            case RELU -> SimdMaps.relu(from, to, x, y);
            case GELU -> SimdMaps.gelu(from, to, x, y);
            case GELU_TANH -> SimdMaps.geluTanh(from, to, x, y);
            case QUICK_GELU -> SimdMaps.quickGelu(from, to, x, y);
        }
    }

    @Override
    public void affine(int n, float scale, float shift, Storage x, Storage y) {
        float[] xs = floats(x);
        float[] ys = floats(y);
        Parallel.rows(n, CHUNK, n / 4, (from, to) -> SimdMaps.affine(from, to, scale, shift, xs, ys));
    }

    @Override
    public void zip(Binary f, BroadcastShape s, Storage a, Storage b, Storage y) {
        float[] as = floats(a);
        float[] bs = floats(b);
        float[] ys = floats(y);
        if (SimdZips.knows(f)) {
            SimdZips.zip(f, s, as, bs, ys);
        } else if (s.outer() == 1 && s.inner() == 1) {
            Parallel.rows(s.count(), CHUNK, s.count(), (from, to) -> gradient(f, from, to, as, bs, ys));
        } else {
            super.zip(f, s, a, b, y);
        }
    }

    private static void gradient(Binary f, int from, int to, float[] x, float[] dy, float[] dx) {
        switch (f) {
            case GELU_GRADIENT -> SimdMaps.geluGradient(from, to, x, dy, dx);
            case GELU_TANH_GRADIENT -> SimdMaps.geluTanhGradient(from, to, x, dy, dx);
            case QUICK_GELU_GRADIENT -> SimdMaps.quickGeluGradient(from, to, x, dy, dx);
            default -> throw new IllegalArgumentException(f + " is one of SimdZips");
        }
    }

    @Override
    public void reduce(Reduction reduction, BroadcastShape broadcast, Storage x, Storage y) {
        SimdSums.reduce(reduction, broadcast, floats(x), floats(y));
    }

    @Override
    public void matmul(MatMulShape s, Storage a, Storage b, Storage y) {
        SimdMatMul.batch(s, floats(a), floats(b), floats(y), null);
    }

    @Override
    public void permute(int[] dims, int[] axes, Storage x, Storage y) {
        if (!SimdLayout.permute(dims, axes, floats(x), floats(y))) {
            super.permute(dims, axes, x, y);
        }
    }

    @Override
    public void argmax(int rows, int cols, Storage x, IntStorage at) {
        float[] xs = floats(x);
        int[] best = HostIntStorage.array(at);
        Parallel.rows(rows, 1, (long) rows * cols / 4, (from, to) -> SimdRows.argmax(from, to, cols, xs, best));
    }

    @Override
    public void unfold(WindowShape shape, Storage x, Storage y) {
        float[] xs = floats(x);
        float[] ys = floats(y);
        long nanos = (long) shape.rows() * shape.cols() / 2;
        Parallel.rows(shape.batch(), 1, nanos, (from, to) -> SimdWindows.unfold(from, to, shape, xs, ys));
    }

    @Override
    public void fold(WindowShape shape, Storage x, Storage y) {
        float[] xs = floats(x);
        float[] ys = floats(y);
        long nanos = (long) shape.rows() * shape.cols() / 2;
        Parallel.rows(shape.batch(), 1, nanos, (from, to) -> SimdWindows.fold(from, to, shape, xs, ys));
    }

    // ---- fused kernels

    @Override
    public boolean convolves(WindowShape windows) {
        return true;
    }

    @Override
    public void convolve(WindowShape windows, int out, Storage x, Storage w, Storage y) {
        SimdConvolution.forward(windows, out, floats(x), floats(w), floats(y));
    }

    @Override
    public void convolveInputGradient(WindowShape windows, int out, Storage w, Storage dy, Storage dx) {
        SimdConvolution.inputGradient(windows, out, floats(w), floats(dy), floats(dx));
    }

    @Override
    public void convolveWeightGradient(WindowShape windows, int out, Storage x, Storage dy, Storage dw) {
        SimdConvolution.weightGradient(windows, out, floats(x), floats(dy), floats(dw));
    }

    @Override
    public void nearest(int rows, int candidates, int width, Storage x, Storage pool, IntStorage at) {
        SimdNearest.search(rows, candidates, width, floats(x), floats(pool), HostIntStorage.array(at));
    }

    @Override
    public void linear(LinearInput input, Storage y) {
        linear(input, y, null);
    }

    private static void linear(LinearInput input, Storage y, SimdMatMul.@Nullable Finish finish) {
        Storage bias = input.bias();
        SimdMatMul.product(
                input.rows(),
                input.out(),
                input.in(),
                SimdMatMul.Matrix.rows(floats(input.x()), 0, input.in()),
                SimdMatMul.Matrix.columns(floats(input.w()), 0, input.in()),
                bias == null ? null : floats(bias),
                floats(y),
                0,
                finish);
    }

    @Override
    public void linearAdd(LinearInput input, Storage residual, Storage y) {
        float[] rs = floats(residual);
        float[] ys = floats(y);
        linear(input, y, (from, to) -> SimdSums.add(to - from, rs, from, ys, from));
    }

    @Override
    public void linearMap(Unary f, LinearInput input, Storage h, Storage y) {
        float[] hs = floats(h);
        float[] ys = floats(y);
        linear(input, h, (from, to) -> map(f, from, to, hs, ys));
    }

    @Override
    public void matmulZip(Binary f, MatMulShape s, Storage a, Storage b, Storage x, Storage y) {
        if (SimdZips.knows(f)) {
            super.matmulZip(f, s, a, b, x, y);
            return;
        }
        float[] xs = floats(x);
        float[] ys = floats(y);
        SimdMatMul.batch(s, floats(a), floats(b), ys, (from, to) -> gradient(f, from, to, xs, ys, ys));
    }

    @Override
    public void softmax(MatrixShape shape, Storage x, Storage y) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] xs = floats(x);
        float[] ys = floats(y);
        Parallel.rows(rows, 1, 2L * rows * cols, (from, to) -> SimdSoftmax.rows(from, to, cols, xs, ys));
    }

    @Override
    public void softmaxGradient(MatrixShape shape, Storage y, Storage dy, Storage dx) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] ys = floats(y);
        float[] dys = floats(dy);
        float[] dxs = floats(dx);
        Parallel.rows(
                rows, 1, (long) rows * cols, (from, to) -> SimdRows.softmaxGradient(from, to, cols, ys, dys, dxs));
    }

    @Override
    public void attention(AttentionShape s, Storage qkv, Storage y, Storage logSums) {
        float[] x = floats(qkv);
        float[] ys = floats(y);
        float[] sums = floats(logSums);
        Parallel.rows(
                s.batch() * s.heads(), 1, nanos(s), (from, to) -> SimdAttention.forward(s, from, to, x, ys, sums));
    }

    @Override
    public void attentionGradient(AttentionShape s, Storage qkv, Storage y, Storage logSums, Storage dy, Storage dqkv) {
        float[] x = floats(qkv);
        float[] sums = floats(logSums);
        float[] dys = floats(dy);
        float[] dxs = floats(dqkv);
        Parallel.rows(
                s.batch() * s.heads(),
                1,
                3 * nanos(s),
                (from, to) -> SimdAttention.backward(s, from, to, x, sums, dys, dxs));
    }

    private static long nanos(AttentionShape s) {
        return (long) s.batch() * s.heads() * s.tokens() * s.tokens() * (3 + s.headWidth() / 16);
    }

    @Override
    public void layerNorm(MatrixShape shape, NormInput input, Storage y, Storage mean, Storage rstd) {
        int rows = shape.rows();
        int cols = shape.cols();
        float epsilon = input.epsilon();
        float[] xs = floats(input.x());
        float[] gammas = floats(input.gamma());
        float[] betas = floats(input.beta());
        float[] ys = floats(y);
        float[] means = floats(mean);
        float[] rstds = floats(rstd);
        Parallel.rows(
                rows,
                1,
                (long) rows * cols,
                (from, to) -> SimdLayerNorm.forward(from, to, cols, epsilon, xs, gammas, betas, ys, means, rstds));
    }

    @Override
    public void layerNormGradient(
            MatrixShape shape, NormInput input, Storage mean, Storage rstd, Storage dy, NormGradients gradients) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] xs = floats(input.x());
        float[] gammas = floats(input.gamma());
        float[] means = floats(mean);
        float[] rstds = floats(rstd);
        float[] dys = floats(dy);
        float[] dxs = floats(gradients.dx());
        int blocks = (rows + SimdLayerNorm.BLOCK - 1) / SimdLayerNorm.BLOCK;
        float[] shares = SimdWorkspace.mine().rest(blocks * 2 * cols);
        Parallel.rows(
                blocks,
                1,
                2L * rows * cols,
                (from, to) -> SimdLayerNorm.backward(from, to, rows, cols, xs, gammas, means, rstds, dys, dxs, shares));
        SimdSums.combine(Reduction.SUM, blocks, cols, 2 * cols, shares, 0, floats(gradients.dgamma()));
        SimdSums.combine(Reduction.SUM, blocks, cols, 2 * cols, shares, cols, floats(gradients.dbeta()));
    }

    @Override
    public void batchNorm(BroadcastShape channels, NormInput input, Storage y, Storage mean, Storage variance) {
        batchNorm(channels, input, false, y, mean, variance);
    }

    @Override
    public void batchNormRelu(BroadcastShape channels, NormInput input, Storage y, Storage mean, Storage variance) {
        batchNorm(channels, input, true, y, mean, variance);
    }

    private static void batchNorm(
            BroadcastShape channels, NormInput input, boolean rectified, Storage y, Storage mean, Storage variance) {
        float epsilon = input.epsilon();
        float[] xs = floats(input.x());
        float[] gammas = floats(input.gamma());
        float[] betas = floats(input.beta());
        float[] ys = floats(y);
        float[] means = floats(mean);
        float[] variances = floats(variance);
        Parallel.rows(
                channels.count(),
                1,
                channels.size() / 2,
                (from, to) -> SimdBatchNorm.forward(
                        from, to, channels, epsilon, xs, gammas, betas, rectified, ys, means, variances));
    }

    @Override
    public void batchNormGradient(
            BroadcastShape channels,
            NormInput input,
            Storage mean,
            Storage variance,
            Storage dy,
            NormGradients gradients) {
        batchNormGradient(channels, input, mean, variance, null, dy, gradients);
    }

    @Override
    public void batchNormReluGradient(
            BroadcastShape channels,
            NormInput input,
            Storage mean,
            Storage variance,
            Storage y,
            Storage dy,
            NormGradients gradients) {
        batchNormGradient(channels, input, mean, variance, floats(y), dy, gradients);
    }

    private static void batchNormGradient(
            BroadcastShape channels,
            NormInput input,
            Storage mean,
            Storage variance,
            float @Nullable [] rectified,
            Storage dy,
            NormGradients gradients) {
        float epsilon = input.epsilon();
        float[] xs = floats(input.x());
        float[] gammas = floats(input.gamma());
        float[] means = floats(mean);
        float[] variances = floats(variance);
        float[] dys = floats(dy);
        float[] dxs = floats(gradients.dx());
        float[] dgammas = floats(gradients.dgamma());
        float[] dbetas = floats(gradients.dbeta());
        Parallel.rows(
                channels.count(),
                1,
                channels.size() / 2,
                (from, to) -> SimdBatchNorm.backward(
                        from, to, channels, epsilon, xs, gammas, means, variances, rectified, dys, dxs, dgammas,
                        dbetas));
    }

    @Override
    public void l2Normalize(MatrixShape shape, float epsilon, Storage x, Storage y, Storage norms) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] xs = floats(x);
        float[] ys = floats(y);
        float[] sizes = floats(norms);
        Parallel.rows(
                rows,
                1,
                (long) rows * cols,
                (from, to) -> SimdRows.l2Normalize(from, to, cols, epsilon, xs, ys, sizes));
    }

    @Override
    public void l2NormalizeGradient(
            MatrixShape shape, float epsilon, Storage y, Storage norms, Storage dy, Storage dx) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] ys = floats(y);
        float[] sizes = floats(norms);
        float[] dys = floats(dy);
        float[] dxs = floats(dx);
        Parallel.rows(
                rows,
                1,
                (long) rows * cols,
                (from, to) -> SimdRows.l2NormalizeGradient(from, to, cols, epsilon, ys, sizes, dys, dxs));
    }

    @Override
    public void crossEntropy(MatrixShape shape, Storage logits, IntStorage targets, Storage losses, Storage logSums) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] xs = floats(logits);
        int[] classes = HostIntStorage.array(targets);
        float[] out = floats(losses);
        float[] sums = floats(logSums);
        Parallel.rows(
                rows, 1, 2L * rows * cols, (from, to) -> SimdRows.crossEntropy(from, to, cols, xs, classes, out, sums));
    }

    @Override
    public void crossEntropyGradient(
            MatrixShape shape, Storage logits, IntStorage targets, Storage logSums, Storage dlosses, Storage dx) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] xs = floats(logits);
        int[] classes = HostIntStorage.array(targets);
        float[] sums = floats(logSums);
        float[] slopes = floats(dlosses);
        float[] dxs = floats(dx);
        Parallel.rows(
                rows,
                1,
                (long) rows * cols,
                (from, to) -> SimdRows.crossEntropyGradient(from, to, cols, xs, classes, sums, slopes, dxs));
    }

    @Override
    public void adamW(AdamStep step, int n, Storage p, Storage g, Storage m, Storage v) {
        float[] ps = floats(p);
        float[] gs = floats(g);
        float[] ms = floats(m);
        float[] vs = floats(v);
        Parallel.rows(n, CHUNK, n, (from, to) -> SimdAdamW.step(step, from, to, ps, gs, ms, vs));
    }
}
