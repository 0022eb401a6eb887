package org.safeclip.selection;

/**
 * Chooses the safe pairs by the mixture's posterior, as in the paper: a threshold in the first split, the best share after that.
 *
 * @param threshold posterior that a pair needs to be in the first safe set
 * @param atLeast pairs of a batch: where fewer reach the threshold, the most similar pairs are taken
 * @param growth share of the pairs by which the set grows each epoch
 * @param cap largest share
 * @param floor the set does not grow past the pairs whose posterior reaches this
 */
public record MixtureSelector(double threshold, int atLeast, double growth, double cap, double floor)
        implements SafeSelector {
    private static final double TYPICAL_FIRST_SHARE = 0.12;

    @Override
    public SafeSplit first(PairScores scores) {
        return SafeSplit.first(scores, threshold, atLeast);
    }

    @Override
    public SafeSplit next(SafeSplit last, PairScores scores) {
        return last.next(scores, growth, cap, floor);
    }

    /** Assumes 12 % in the first split, as on the authors' million pairs: only the mixture decides. */
    @Override
    public String forecast(int splits) {
        return SafeSplit.forecast(
                "if 12 % at first (the mixture decides; 6 to 18 % in the paper)",
                TYPICAL_FIRST_SHARE, splits, growth, cap);
    }
}
