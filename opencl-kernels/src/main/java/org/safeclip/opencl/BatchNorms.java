package org.safeclip.opencl;

import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.NormGradients;
import org.safeclip.tensor.backend.NormInput;
import org.safeclip.tensor.backend.Storage;

/** Batch normalisation, {@code batchnorm.cl}: a group for each channel, then one pass over the numbers. */
final class BatchNorms {
    private static final String FILE = "batchnorm";

    private final Queue queue;
    private final LaunchGeometry geometry;

    BatchNorms(Queue queue) {
        this.queue = queue;
        this.geometry = new LaunchGeometry(queue);
    }

    void batchNorm(BroadcastShape s, NormInput input, Storage y, Storage mean, Storage variance) {
        sizes("batch_statistics", s).with(input.x()).with(mean).with(variance).over(s.count());
        runs("batch_normalize", s)
                .with(input.epsilon())
                .with(input.x())
                .with(input.gamma())
                .with(input.beta())
                .with(mean)
                .with(variance)
                .with(y)
                .over(groups(s));
    }

    void batchNormGradient(
            BroadcastShape s, NormInput input, Storage mean, Storage variance, Storage dy, NormGradients gradients) {
        sizes("batch_sums", s)
                .with(input.epsilon())
                .with(input.x())
                .with(mean)
                .with(variance)
                .with(dy)
                .with(gradients.dgamma())
                .with(gradients.dbeta())
                .over(s.count());
        runs("batch_gradient", s)
                .with((float) s.outer() * s.inner())
                .with(input.epsilon())
                .with(input.x())
                .with(input.gamma())
                .with(mean)
                .with(variance)
                .with(dy)
                .with(gradients.dgamma())
                .with(gradients.dbeta())
                .with(gradients.dx())
                .over(groups(s));
    }

    private Launch sizes(String kernel, BroadcastShape s) {
        return queue.launch(FILE, kernel).with(s.outer()).with(s.count()).with(s.inner());
    }

    /** A kernel over the runs of neighbours in one channel. */
    private Launch runs(String kernel, BroadcastShape s) {
        int runs = s.outer() * s.count();
        return queue.launch(FILE, kernel)
                .with(runs)
                .with(geometry.rows(runs, s.inner()))
                .with(s.count())
                .with(s.inner());
    }

    private long groups(BroadcastShape s) {
        int runs = s.outer() * s.count();
        return LaunchGeometry.ceil(runs, geometry.rows(runs, s.inner()));
    }
}
