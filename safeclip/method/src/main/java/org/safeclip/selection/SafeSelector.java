package org.safeclip.selection;

import java.util.stream.IntStream;
import org.safeclip.data.Augmentation;
import org.safeclip.model.ClipModel;

/** Decides from the scores of an epoch which pairs are safe. */
public interface SafeSelector {
    /**
     * The pairs whose image and caption the slow epochs may match, before any similarity is known: all, as in the paper. Called before
     * the first slow epoch and before the first split.
     *
     * @param model the model whose encoders were warmed up, each on its own
     */
    default int[] matchedSlowly(ClipModel model, Augmentation augmentation) {
        return IntStream.range(0, augmentation.pairs().size()).toArray();
    }

    /**
     * Lets the selector look at the model before the split of a mixed epoch other than the first; the paper's does not.
     *
     * @param last the split of the mixed epoch before
     */
    default void reconsider(SafeSplit last, ClipModel model, Augmentation augmentation) {}

    /** What the selector found out about every pair before the first split and must not forget, {@code [N]}; empty for nothing. */
    default float[] ranking() {
        return new float[0];
    }

    /** Continues with a {@link #ranking} of a checkpoint. */
    default void restore(float[] ranking) {}

    /** The first split. */
    SafeSplit first(PairScores scores);

    /** The split after {@code last}, of the scores of the next epoch. */
    SafeSplit next(SafeSplit last, PairScores scores);

    /**
     * How the safe set is expected to grow, in a line for the user before training.
     *
     * @param splits number of splits in the training
     */
    String forecast(int splits);
}
