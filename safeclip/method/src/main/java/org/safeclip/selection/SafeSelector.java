package org.safeclip.selection;

/** Decides from the scores of an epoch which pairs are safe. */
public interface SafeSelector {
    /** The first split. */
    SafeSplit first(PairScores scores);

    /** The split after {@code last}, of the scores of the next epoch. */
    SafeSplit next(SafeSplit last, PairScores scores);

    /** Share of the pairs that the first split takes, as far as it is known before training; else a typical one. */
    double expectedFirstShare();
}
