package org.safeclip.experiments.eval;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.safeclip.selection.AgreementSelector;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;

/**
 * How the ranking by agreement of an epoch compares with the published one, by similarity. It needs the poison mask, which training
 * never uses.
 *
 * @param agreementRoc area under the ROC curve of low agreement as a predictor of poisons; absent if there are none
 * @param bothRoc that of the order of the first split, which joins agreement and similarity
 * @param published poisons that a safe set of this size has by the published ranking
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RankingDiagnostics(
        @Nullable Double agreementRoc, @Nullable Double bothRoc, int published) {

    /**
     * Compares both rankings.
     *
     * @param agreement the ranking of {@link AgreementSelector}, {@code [N]}
     * @param order what the pairs of the first split are taken by, {@code [N]}
     * @param poison which pairs are poisons
     */
    public static RankingDiagnostics of(
            float[] agreement, double[] order, PairScores scores, SafeSplit split, BitSet poison) {
        int published = 0;
        for (int pair : SafeSplit.mostSimilar(scores, (double) split.safe().length / split.pairs())
                .safe()) {
            published += poison.get(pair) ? 1 : 0;
        }
        if (poison.isEmpty() || poison.cardinality() == agreement.length) {
            return new RankingDiagnostics(null, null, published);
        }
        boolean[] positive = new boolean[agreement.length];
        double[] low = new double[agreement.length];
        double[] lowOrder = new double[agreement.length];
        for (int i = 0; i < low.length; i++) {
            positive[i] = poison.get(i);
            low[i] = -agreement[i];
            lowOrder[i] = -order[i];
        }
        return new RankingDiagnostics(
                AreaUnderCurve.roc(low, positive), AreaUnderCurve.roc(lowOrder, positive), published);
    }
}
