package org.safeclip.reference;

import java.util.Locale;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSelector;
import org.safeclip.selection.SafeSplit;

/**
 * Chooses the safe pairs by similarity alone, as in the first version of the paper.
 *
 * @param share share of the pairs in the first safe set, 0.15 in the paper
 * @param growth added to it each epoch
 * @param cap largest share
 */
public record CosineSelector(double share, double growth, double cap) implements SafeSelector {
    @Override
    public SafeSplit first(PairScores scores) {
        return SafeSplit.mostSimilar(scores, share);
    }

    @Override
    public SafeSplit next(SafeSplit last, PairScores scores) {
        return last.nextMostSimilar(scores, growth, cap);
    }

    @Override
    public String forecast(int splits) {
        String first = String.format(Locale.ROOT, "%.0f %% at first", 100 * share);
        return SafeSplit.forecast(first, share, splits, growth, cap);
    }
}
