package org.safeclip.opencl;

import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Storage;

/** Fused kernels over the rows of a matrix: {@code rows.cl}. */
final class Rows {
    private final Queue queue;
    private final LaunchGeometry geometry;

    Rows(Queue queue) {
        this.queue = queue;
        this.geometry = new LaunchGeometry(queue);
    }

    /** A kernel over rows, given its sizes. */
    private Launch rows(String kernel, int rows, int cols) {
        return queue.launch("rows", kernel).with(rows).with(cols).with(geometry.rows(rows, cols));
    }

    private void over(Launch launch, int rows, int cols) {
        launch.over(LaunchGeometry.ceil(rows, geometry.rows(rows, cols)));
    }

    void softmax(int rows, int cols, Storage x, Storage y) {
        over(rows("softmax", rows, cols).with(x).with(y), rows, cols);
    }

    void softmaxGradient(int rows, int cols, Storage y, Storage dy, Storage dx) {
        over(rows("softmax_gradient", rows, cols).with(y).with(dy).with(dx), rows, cols);
    }

    void layerNorm(
            int rows,
            int cols,
            float epsilon,
            Storage x,
            Storage gamma,
            Storage beta,
            Storage y,
            Storage mean,
            Storage rstd) {
        over(
                rows("layer_norm", rows, cols)
                        .with(epsilon)
                        .with(x)
                        .with(gamma)
                        .with(beta)
                        .with(y)
                        .with(mean)
                        .with(rstd),
                rows,
                cols);
    }

    void layerNormGradient(
            int rows,
            int cols,
            Storage x,
            Storage gamma,
            Storage mean,
            Storage rstd,
            Storage dy,
            Storage dx,
            Storage dgamma,
            Storage dbeta) {
        over(
                rows("layer_norm_gradient", rows, cols)
                        .with(x)
                        .with(gamma)
                        .with(mean)
                        .with(rstd)
                        .with(dy)
                        .with(dx),
                rows,
                cols);
        int pieces = Reductions.pieces(rows);
        int length = (int) Math.max(1, LaunchGeometry.ceil(rows, pieces));
        int blocks = geometry.blocks(cols);
        DeviceBuffer parts = queue.temporary(2 * pieces * cols);
        queue.launch("rows", "layer_norm_parts")
                .with(rows)
                .with(cols)
                .with(length)
                .with(blocks)
                .with(x)
                .with(mean)
                .with(rstd)
                .with(dy)
                .with(parts)
                .over((long) pieces * blocks);
        queue.launch("rows", "layer_norm_whole")
                .with(pieces)
                .with(cols)
                .with(parts)
                .with(dgamma)
                .with(dbeta)
                .over(blocks);
        queue.giveBack(parts);
    }

    void l2Normalize(int rows, int cols, float epsilon, Storage x, Storage y, Storage norms) {
        over(rows("l2_normalize", rows, cols).with(epsilon).with(x).with(y).with(norms), rows, cols);
    }

    void l2NormalizeGradient(int rows, int cols, float epsilon, Storage y, Storage norms, Storage dy, Storage dx) {
        over(
                rows("l2_normalize_gradient", rows, cols)
                        .with(epsilon)
                        .with(y)
                        .with(norms)
                        .with(dy)
                        .with(dx),
                rows,
                cols);
    }

    void crossEntropy(int rows, int cols, Storage logits, IntStorage targets, Storage losses, Storage logSums) {
        over(
                rows("cross_entropy", rows, cols)
                        .with(logits)
                        .with(targets)
                        .with(losses)
                        .with(logSums),
                rows,
                cols);
    }

    void crossEntropyGradient(
            int rows, int cols, Storage logits, IntStorage targets, Storage logSums, Storage dlosses, Storage dx) {
        over(
                rows("cross_entropy_gradient", rows, cols)
                        .with(logits)
                        .with(targets)
                        .with(logSums)
                        .with(dlosses)
                        .with(dx),
                rows,
                cols);
    }

    /** Writes to at[from ...]. */
    void argmax(int rows, int cols, Storage x, IntStorage at, int from) {
        over(rows("argmax", rows, cols).with(x).with(at).with(from), rows, cols);
    }
}
