package org.safeclip.opencl;

import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.NormGradients;
import org.safeclip.tensor.backend.NormInput;
import org.safeclip.tensor.backend.Storage;

/** Fused kernels over the rows of a matrix: {@code rows.cl}. */
final class Rows {
    /** Vectors of a row that an item keeps in registers, at most. */
    private static final int MOST_VECTORS = 4;
    /** Groups that the layer norm's gradient is divided into, at most: some for every unit of a large GPU. */
    private static final int GRADIENT_GROUPS = 1024;
    /** Columns of a group that adds up pieces. */
    private static final int PART_COLUMNS = 16;

    private final Queue queue;
    private final LaunchGeometry geometry;

    Rows(Queue queue) {
        this.queue = queue;
        this.geometry = new LaunchGeometry(queue);
    }

    /** A kernel of {@code rows.cl} with its sizes set. */
    private Launch rows(String kernel, MatrixShape s) {
        return queue.launch("rows", geometry.rowGroup(s.cols()), kernel)
                .with(s.rows())
                .with(s.cols())
                .with(geometry.rows(s.rows(), s.cols()));
    }

    private void over(Launch launch, MatrixShape s) {
        launch.over(geometry.groups(s.rows(), s.cols()));
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
        WorkGroup group = geometry.rowGroup(s.cols());
        int vectors = (int) LaunchGeometry.ceil(s.cols(), group.columns());
        if (queue.family() == Family.GPU && vectors <= MOST_VECTORS) {
            gradientAndParts(s, group, vectors, input, mean, rstd, dy, gradients);
        } else {
            gradientThenParts(s, group, input, mean, rstd, dy, gradients);
        }
    }

    /** In one pass: a group has several rows, and each of its items keeps its part of the column sums. */
    private void gradientAndParts(
            MatrixShape s,
            WorkGroup group,
            int vectors,
            NormInput input,
            Storage mean,
            Storage rstd,
            Storage dy,
            NormGradients gradients) {
        int turns = (int) Math.max(1, LaunchGeometry.ceil(s.rows(), (long) group.rows() * GRADIENT_GROUPS));
        int pieces = (int) LaunchGeometry.ceil(s.rows(), (long) group.rows() * turns);
        DeviceBuffer parts = queue.temporary(2 * pieces * s.cols());
        queue.launch("rows", group, "-DVECTORS=" + vectors, "layer_norm_gradient_parts")
                .with(s.rows())
                .with(s.cols())
                .with(turns)
                .with(input.x())
                .with(input.gamma())
                .with(mean)
                .with(rstd)
                .with(dy)
                .with(gradients.dx())
                .with(parts)
                .over(pieces);
        addParts(s, pieces, parts, gradients);
    }

    private void gradientThenParts(
            MatrixShape s,
            WorkGroup group,
            NormInput input,
            Storage mean,
            Storage rstd,
            Storage dy,
            NormGradients gradients) {
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
        int blocks = (int) LaunchGeometry.ceil(s.cols(), (long) group.items() * group.vector());
        DeviceBuffer parts = queue.temporary(2 * pieces * s.cols());
        queue.launch("rows", group, "layer_norm_parts")
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
        addParts(s, pieces, parts, gradients);
    }

    /** dγ and dβ from the sums of pieces; takes the parts. On a GPU they may be late. */
    private void addParts(MatrixShape s, int pieces, DeviceBuffer parts, NormGradients gradients) {
        if (queue.family() == Family.GPU) {
            DeviceBuffer dgamma = (DeviceBuffer) gradients.dgamma();
            queue.sums().addParts(pieces, s.cols(), parts, dgamma, (DeviceBuffer) gradients.dbeta());
            return;
        }
        WorkGroup group = geometry.columnGroup(s.cols(), PART_COLUMNS);
        queue.launch("rows", group, "layer_norm_whole")
                .with(pieces)
                .with(s.cols())
                .with(parts)
                .with(gradients.dgamma())
                .with(gradients.dbeta())
                .over(LaunchGeometry.ceil(s.cols(), group.columns()));
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
