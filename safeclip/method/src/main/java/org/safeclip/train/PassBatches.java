package org.safeclip.train;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Augmentation;
import org.safeclip.data.Batch;
import org.safeclip.data.Batches;
import org.safeclip.data.Prefetch;
import org.safeclip.data.RandomKey;

/** The batches of a pass in one epoch, prepared in the background, and the number of them that were taken. */
final class PassBatches implements AutoCloseable {
    private final Pass pass;
    private final Augmentation augmentation;
    private final int batchSize;
    private final int threads;
    private final RandomKey key;
    private final int epoch;
    private final int each;
    private int taken;
    private @Nullable Prefetch<int[], Batch> prepared;

    /**
     * The batches of a pass in an epoch.
     *
     * @param taken steps taken before, from which the pass continues
     * @param trainedHere whether the processors train, too
     */
    PassBatches(
            Pass pass,
            Augmentation augmentation,
            int batchSize,
            RandomKey key,
            int epoch,
            int taken,
            boolean trainedHere) {
        this.pass = pass;
        this.augmentation = augmentation;
        this.batchSize = batchSize;
        this.threads = Prefetch.threads(
                trainedHere, (long) pass.objective().views() * batchSize * augmentation.imageNumbers() * Float.BYTES);
        this.key = key;
        this.epoch = epoch;
        this.taken = taken;
        this.each = pass.weight() == 0 ? 0 : pass.pairs().length / batchSize;
    }

    /** Steps of the pass. */
    int steps() {
        return pass.times() * each;
    }

    /** Steps taken. */
    int taken() {
        return taken;
    }

    /** Steps taken on the learning-rate schedule of the pass. */
    long rateSteps() {
        return pass.learningRate().steps();
    }

    boolean hasNext() {
        return taken < steps();
    }

    Batch next() {
        Prefetch<int[], Batch> batches = prepared;
        if (taken % each == 0 || batches == null) {
            close();
            batches = prepare(RandomKey.pass(epoch, taken / each), taken % each);
            prepared = batches;
        }
        taken++;
        return batches.next();
    }

    private Prefetch<int[], Batch> prepare(int draw, int from) {
        Objective objective = pass.objective();
        List<int[]> batches = Batches.shuffled(pass.pairs(), batchSize, key, draw);
        return new Prefetch<>(
                batches.subList(from, batches.size()),
                threads,
                pairs -> augmentation.views(
                        pairs, draw, objective.views(), objective.strength(), objective.plainFirst()));
    }

    @Override
    public void close() {
        Prefetch<int[], Batch> batches = prepared;
        if (batches != null) {
            batches.close();
        }
    }
}
