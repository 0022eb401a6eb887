package org.safeclip.opencl;

import java.util.function.Supplier;
import org.safeclip.tensor.backend.AdamStep;
import org.safeclip.tensor.backend.AttentionShape;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.BlockCopy;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.LinearInput;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.NormGradients;
import org.safeclip.tensor.backend.NormInput;
import org.safeclip.tensor.backend.Precision;
import org.safeclip.tensor.backend.Reduction;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.Unary;
import org.safeclip.tensor.backend.WindowShape;

/** All kernels on one device: each enqueues its work and returns. The classes named by the fields launch them. */
final class OpenClKernels implements Kernels {
    private static final int NEAREST_PRODUCTS = 1 << 21;

    private final Queue queue;
    private final Elements elements;
    private final Reductions reductions;
    private final Moves moves;
    private final Rows rows;
    private final BatchNorms batchNorms;
    private final MatMul exactMatMul;
    private final MatMul matMul;
    private final Attention attention;
    private final Convolutions convolutions;
    private final boolean gpu;

    /**
     * The kernels of an open device.
     *
     * @param precision of the current scope's products
     * @param cores what computes those of less than float32
     */
    OpenClKernels(Queue queue, Supplier<Precision> precision, Supplier<TensorCores> cores) {
        this.queue = queue;
        this.elements = new Elements(queue);
        this.reductions = new Reductions(queue);
        this.moves = new Moves(queue);
        this.rows = new Rows(queue);
        this.batchNorms = new BatchNorms(queue);
        this.exactMatMul = MatMul.of(queue);
        this.matMul = new PreciseMatMul(queue, exactMatMul, precision, cores);
        this.attention = Attention.of(queue);
        this.convolutions = new Convolutions(queue, reductions);
        this.gpu = queue.family() == Family.GPU;
    }

    @Override
    public void fill(int n, float value, Storage y) {
        elements.fill(n, value, y);
    }

    @Override
    public void map(Unary f, int n, Storage x, Storage y) {
        elements.map(f, n, x, y);
    }

    @Override
    public void affine(int n, float scale, float shift, Storage x, Storage y) {
        elements.affine(n, scale, shift, x, y);
    }

    @Override
    public void clamp(int n, float low, float high, Storage x, Storage y) {
        elements.clamp(n, low, high, x, y);
    }

    @Override
    public void movingAverage(int n, float keep, float take, Storage x, Storage y) {
        if (gpu) {
            queue.sums().average(n, keep, take, (DeviceBuffer) x, (DeviceBuffer) y);
        } else {
            elements.movingAverage(n, keep, take, x, y);
        }
    }

    @Override
    public void zip(Binary f, BroadcastShape broadcast, Storage a, Storage b, Storage y) {
        elements.zip(f, broadcast, a, b, y);
    }

    @Override
    public void reduce(Reduction reduction, BroadcastShape broadcast, Storage x, Storage y) {
        reductions.reduce(reduction, broadcast, x, y);
    }

    @Override
    public void sumColumnsLater(MatrixShape shape, Storage x, Storage y) {
        if (gpu) {
            queue.sums().add(shape.rows(), shape.cols(), (DeviceBuffer) x, (DeviceBuffer) y);
        } else {
            Kernels.super.sumColumnsLater(shape, x, y);
        }
    }

    @Override
    public void finishSums() {
        queue.sums().run();
    }

    @Override
    public void matmul(MatMulShape shape, Storage a, Storage b, Storage y) {
        matMul.matmul(shape, a, b, null, null, y);
    }

    @Override
    public void permute(int[] dims, int[] axes, Storage x, Storage y) {
        moves.permute(dims, axes, x, y);
    }

    @Override
    public void gatherRows(int count, int cols, Storage x, IntStorage ids, Storage y) {
        moves.gatherRows(count, cols, x, ids, y);
    }

    @Override
    public void scatterAddRows(int count, int cols, Storage x, IntStorage ids, Storage y) {
        moves.scatterAddRows(count, cols, x, ids, y);
    }

    @Override
    public void copyBlock(BlockCopy block, Storage x, Storage y) {
        moves.copyBlock(block, x, y);
    }

    @Override
    public void argmax(int rows, int cols, Storage x, IntStorage at) {
        this.rows.argmax(rows, cols, x, at, 0);
    }

    @Override
    public void unfold(WindowShape shape, Storage x, Storage y) {
        moves.unfold(shape, x, y);
    }

    @Override
    public void fold(WindowShape shape, Storage x, Storage y) {
        moves.fold(shape, x, y);
    }

    @Override
    public boolean convolves(WindowShape windows) {
        return convolutions.possible(windows);
    }

    @Override
    public void convolve(WindowShape windows, int out, Storage x, Storage w, Storage y) {
        convolutions.convolve(windows, out, x, w, y);
    }

    @Override
    public void convolveInputGradient(WindowShape windows, int out, Storage w, Storage dy, Storage dx) {
        convolutions.inputGradient(windows, out, w, dy, dx);
    }

    @Override
    public void convolveWeightGradient(WindowShape windows, int out, Storage x, Storage dy, Storage dw) {
        convolutions.weightGradient(windows, out, x, dy, dw);
    }

    @Override
    public void linear(LinearInput input, Storage y) {
        matMul.linear(input, null, y);
    }

    @Override
    public void linearAdd(LinearInput input, Storage residual, Storage y) {
        matMul.linear(input, residual, y);
    }

    @Override
    public void linearMap(Unary f, LinearInput input, Storage h, Storage y) {
        matMul.linear(input, null, h);
        elements.map(f, input.size(), h, y);
    }

    @Override
    public void matmulZip(Binary f, MatMulShape shape, Storage a, Storage b, Storage x, Storage y) {
        matMul.matmul(shape, a, b, null, null, y);
        elements.zip(f, BroadcastShape.same(shape.batch() * shape.m() * shape.n()), x, y, y);
    }

    /** By blocks of rows whose products fit into a few megabytes. */
    @Override
    public void nearest(int rows, int candidates, int width, Storage x, Storage pool, IntStorage at) {
        int most = Math.max(1, Math.min(rows, NEAREST_PRODUCTS / Math.max(1, candidates)));
        DeviceBuffer block = queue.temporary(most * width);
        DeviceBuffer products = queue.temporary(most * candidates);
        for (int from = 0; from < rows; from += most) {
            int count = Math.min(most, rows - from);
            moves.copyBlock(new BlockCopy(1, count * width, from * width, 0, 0, 0), x, block);
            MatMulShape shape = new MatMulShape(1, count, candidates, width, false, true);
            exactMatMul.matmul(shape, block, pool, null, null, products); // rounded, another one might seem nearest
            this.rows.argmax(count, candidates, products, at, from);
        }
        queue.giveBack(block);
        queue.giveBack(products);
    }

    @Override
    public void softmax(MatrixShape shape, Storage x, Storage y) {
        rows.softmax(shape, x, y);
    }

    @Override
    public void softmaxGradient(MatrixShape shape, Storage y, Storage dy, Storage dx) {
        rows.softmaxGradient(shape, y, dy, dx);
    }

    @Override
    public void attention(AttentionShape shape, Storage qkv, Storage y, Storage logSums) {
        attention.attention(shape, qkv, y, logSums);
    }

    @Override
    public void attentionGradient(
            AttentionShape shape, Storage qkv, Storage y, Storage logSums, Storage dy, Storage dqkv) {
        attention.attentionGradient(shape, qkv, y, logSums, dy, dqkv);
    }

    @Override
    public void layerNorm(MatrixShape shape, NormInput input, Storage y, Storage mean, Storage rstd) {
        rows.layerNorm(shape, input, y, mean, rstd);
    }

    @Override
    public void layerNormGradient(
            MatrixShape shape, NormInput input, Storage mean, Storage rstd, Storage dy, NormGradients gradients) {
        rows.layerNormGradient(shape, input, mean, rstd, dy, gradients);
    }

    @Override
    public void batchNorm(BroadcastShape channels, NormInput input, Storage y, Storage mean, Storage variance) {
        batchNorms.batchNorm(channels, input, false, y, mean, variance);
    }

    @Override
    public void batchNormGradient(
            BroadcastShape channels,
            NormInput input,
            Storage mean,
            Storage variance,
            Storage dy,
            NormGradients gradients) {
        batchNorms.batchNormGradient(channels, input, false, mean, variance, dy, gradients);
    }

    @Override
    public void batchNormRelu(BroadcastShape channels, NormInput input, Storage y, Storage mean, Storage variance) {
        batchNorms.batchNorm(channels, input, true, y, mean, variance);
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
        // whether y > 0 is computed again from x
        batchNorms.batchNormGradient(channels, input, true, mean, variance, dy, gradients);
    }

    @Override
    public void l2Normalize(MatrixShape shape, float epsilon, Storage x, Storage y, Storage norms) {
        rows.l2Normalize(shape, epsilon, x, y, norms);
    }

    @Override
    public void l2NormalizeGradient(
            MatrixShape shape, float epsilon, Storage y, Storage norms, Storage dy, Storage dx) {
        rows.l2NormalizeGradient(shape, epsilon, y, norms, dy, dx);
    }

    @Override
    public void crossEntropy(MatrixShape shape, Storage logits, IntStorage targets, Storage losses, Storage logSums) {
        rows.crossEntropy(shape, logits, targets, losses, logSums);
    }

    @Override
    public void crossEntropyGradient(
            MatrixShape shape, Storage logits, IntStorage targets, Storage logSums, Storage dlosses, Storage dx) {
        rows.crossEntropyGradient(shape, logits, targets, logSums, dlosses, dx);
    }

    @Override
    public void adamW(AdamStep step, int n, Storage p, Storage g, Storage m, Storage v) {
        if (gpu) {
            queue.adamW().add(step, n, p, g, m, v);
        } else {
            elements.adamW(step, n, p, g, m, v);
        }
    }
}
