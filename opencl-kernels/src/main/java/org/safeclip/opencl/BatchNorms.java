package org.safeclip.opencl;

import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.NormGradients;
import org.safeclip.tensor.backend.NormInput;
import org.safeclip.tensor.backend.Storage;

/**
 * Batch normalisation, {@code batchnorm.cl}: sums over pieces of a channel, of all its pieces, then one pass over the
 * numbers. The pieces depend on the shape alone.
 */
final class BatchNorms {
    private static final String FILE = "batchnorm";
    /** Numbers of a piece, about. */
    private static final int PIECE_NUMBERS = 3 << 12;
    /** Runs of a piece, at least: the first one is read twice. */
    private static final int FEWEST_RUNS = 8;

    private final Queue queue;
    private final LaunchGeometry geometry;

    BatchNorms(Queue queue) {
        this.queue = queue;
        this.geometry = new LaunchGeometry(queue);
    }

    void batchNorm(BroadcastShape s, NormInput input, boolean rectified, Storage y, Storage mean, Storage variance) {
        Pieces pieces = pieces(s);
        DeviceBuffer parts = queue.temporary(2 * s.count() * pieces.count());
        pieces("batch_statistics", s, pieces).with(input.x()).with(parts).over((long) s.count() * pieces.count());
        queue.launch(FILE, geometry.singleGroup(), "batch_statistics_whole")
                .with(s.outer())
                .with(s.count())
                .with(s.inner())
                .with(pieces.length())
                .with(pieces.count())
                .with(parts)
                .with(mean)
                .with(variance)
                .over(LaunchGeometry.ceil(s.count(), queue.lanes()));
        queue.giveBack(parts);
        runs("batch_normalize", s)
                .with(input.epsilon())
                .with(rectified ? 1 : 0)
                .with(input.x())
                .with(input.gamma())
                .with(input.beta())
                .with(mean)
                .with(variance)
                .with(y)
                .over(groups(s));
    }

    void batchNormGradient(
            BroadcastShape s,
            NormInput input,
            boolean rectified,
            Storage mean,
            Storage variance,
            Storage dy,
            NormGradients gradients) {
        Pieces pieces = pieces(s);
        DeviceBuffer parts = queue.temporary(2 * s.count() * pieces.count());
        pieces("batch_sums", s, pieces)
                .with(input.epsilon())
                .with(rectified ? 1 : 0)
                .with(input.x())
                .with(input.gamma())
                .with(input.beta())
                .with(mean)
                .with(variance)
                .with(dy)
                .with(parts)
                .over((long) s.count() * pieces.count());
        queue.launch(FILE, geometry.singleGroup(), "batch_sums_whole")
                .with(s.count())
                .with(pieces.count())
                .with(input.epsilon())
                .with(parts)
                .with(variance)
                .with(gradients.dgamma())
                .with(gradients.dbeta())
                .over(LaunchGeometry.ceil(s.count(), queue.lanes()));
        queue.giveBack(parts);
        runs("batch_gradient", s)
                .with((float) s.outer() * s.inner())
                .with(input.epsilon())
                .with(rectified ? 1 : 0)
                .with(input.x())
                .with(input.gamma())
                .with(input.beta())
                .with(mean)
                .with(variance)
                .with(dy)
                .with(gradients.dgamma())
                .with(gradients.dbeta())
                .with(gradients.dx())
                .over(groups(s));
    }

    /** How the runs of a channel are divided among groups: {@code count} pieces of {@code length} runs. */
    private record Pieces(int count, int length) {}

    private static Pieces pieces(BroadcastShape s) {
        int fair = Math.max(FEWEST_RUNS, PIECE_NUMBERS / Math.max(1, s.inner()));
        long length = Math.max(1, Math.min(fair, s.outer()));
        return new Pieces((int) LaunchGeometry.ceil(s.outer(), length), (int) length);
    }

    private Launch pieces(String kernel, BroadcastShape s, Pieces pieces) {
        return queue.launch(FILE, geometry.rowGroup(s.inner()), kernel)
                .with(s.outer())
                .with(s.count())
                .with(s.inner())
                .with(pieces.length())
                .with(pieces.count());
    }

    /** A kernel over the runs of neighbours in one channel. */
    private Launch runs(String kernel, BroadcastShape s) {
        int runs = s.outer() * s.count();
        return queue.launch(FILE, geometry.moveGroup(s.inner(), s.inner()), kernel)
                .with(runs)
                .with(geometry.rows(runs, s.inner()))
                .with(s.count())
                .with(s.inner());
    }

    private long groups(BroadcastShape s) {
        return geometry.groups(s.outer() * s.count(), s.inner(), geometry.moveGroup(s.inner(), s.inner()));
    }
}
