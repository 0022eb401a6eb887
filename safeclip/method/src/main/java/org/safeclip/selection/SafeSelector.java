package org.safeclip.selection;

/** Decides from the scores of an epoch which pairs are safe. */
public interface SafeSelector {
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
