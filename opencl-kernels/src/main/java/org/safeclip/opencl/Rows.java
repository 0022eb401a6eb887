package org.safeclip.opencl;

import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.NormGradients;
import org.safeclip.tensor.backend.NormInput;
import org.safeclip.tensor.backend.Storage;

/** Fused kernels over the rows of a matrix: {@code rows.cl}. */
final class Rows {
    private final Queue queue;
    private final LaunchGeometry geometry;

    Rows(Queue queue) {
        this.queue = queue;
        this.geometry = new LaunchGeometry(queue);
    }

    /** A kernel of {@code rows.cl} with its sizes set. */
    private Launch rows(String kernel, MatrixShape s) {
        return queue.launch("rows", kernel).with(s.rows()).with(s.cols()).with(geometry.rows(s.rows(), s.cols()));
    }

    private void over(Launch launch, MatrixShape s) {
        launch.over(LaunchGeometry.ceil(s.rows(), geometry.rows(s.rows(), s.cols())));
    }

    void softmax(MatrixShape s, Storage x, Storage y) {
        over(rows("softmax", s).with(x).with(y), s);
    }

    void softmaxGradient(MatrixShape s, Storage y, Storage dy, Storage dx) {
        over(rows("softmax_gradient", s).with(y).with(dy).with(dx), s);
    }

    void layerNorm(MatrixShape s, NormInput input, Storage y, Storage mean, Storage rstd) {
        Launch launch = rows("layer_norm", s)
                .with(input.epsilon())
                .with(input.x())
                .with(input.gamma())
                .with(input.beta())
                .with(y)
                .with(mean)
                .with(rstd);
        over(launch, s);
    }

    void layerNormGradient(
            MatrixShape s, NormInput input, Storage mean, Storage rstd, Storage dy, NormGradients gradients) {
        Launch launch = rows("layer_norm_gradient", s)
                .with(input.x())
                .with(input.gamma())
                .with(mean)
                .with(rstd)
                .with(dy)
                .with(gradients.dx());
        over(launch, s);
        int pieces = Reductions.pieces(s.rows());
        int length = (int) Math.max(1, LaunchGeometry.ceil(s.rows(), pieces));
        int blocks = geometry.blocks(s.cols());
        DeviceBuffer parts = queue.temporary(2 * pieces * s.cols());
        queue.launch("rows", "layer_norm_parts")
                .with(s.rows())
                .with(s.cols())
                .with(length)
                .with(blocks)
                .with(input.x())
                .with(mean)
                .with(rstd)
                .with(dy)
                .with(parts)
                .over((long) pieces * blocks);
        queue.launch("rows", "layer_norm_whole")
                .with(pieces)
                .with(s.cols())
                .with(parts)
                .with(gradients.dgamma())
                .with(gradients.dbeta())
                .over(blocks);
        queue.giveBack(parts);
    }

    void l2Normalize(MatrixShape s, float epsilon, Storage x, Storage y, Storage norms) {
        over(rows("l2_normalize", s).with(epsilon).with(x).with(y).with(norms), s);
    }

    void l2NormalizeGradient(MatrixShape s, float epsilon, Storage y, Storage norms, Storage dy, Storage dx) {
        Launch launch = rows("l2_normalize_gradient", s)
                .with(epsilon)
                .with(y)
                .with(norms)
                .with(dy)
                .with(dx);
        over(launch, s);
    }

    void crossEntropy(MatrixShape s, Storage logits, IntStorage targets, Storage losses, Storage logSums) {
        Launch launch =
                rows("cross_entropy", s).with(logits).with(targets).with(losses).with(logSums);
        over(launch, s);
    }

    void crossEntropyGradient(
            MatrixShape s, Storage logits, IntStorage targets, Storage logSums, Storage dlosses, Storage dx) {
        Launch launch = rows("cross_entropy_gradient", s)
                .with(logits)
                .with(targets)
                .with(logSums)
                .with(dlosses)
                .with(dx);
        over(launch, s);
    }

    /** Argmax of every row, written to at[from ...]. */
    void argmax(int rows, int cols, Storage x, IntStorage at, int from) {
        MatrixShape s = new MatrixShape(rows, cols);
        over(rows("argmax", s).with(x).with(at).with(from), s);
    }
}
