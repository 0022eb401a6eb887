package org.safeclip.experiments.eval;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.safeclip.selection.AgreementSelector;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;

/**
 * How the ranking by agreement of an epoch compares with the published one, by similarity. It needs the poison mask, which training
 * never uses.
 *
 * @param agreementRoc area under the ROC curve of low agreement as a predictor of poisons; absent if there are none
 * @param bothRoc that of the order by which pairs are taken, which joins agreement and similarity
 * @param published poisons that a safe set of this size has by the published ranking
 * @param confirmed pairs that were not vouched for but that the model confirmed; absent if there are none
 * @param confirmedPoisons poisons among them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RankingDiagnostics(
        @Nullable Double agreementRoc,
        @Nullable Double bothRoc,
        int published,
        @Nullable Integer confirmed,
        @Nullable Integer confirmedPoisons) {

    /**
     * Compares both rankings.
     *
     * @param agreement v of every pair, {@code [N]}, or that it was confirmed
     * @param order what the pairs are taken by, {@code [N]}
     * @param poison which pairs are poisons
     */
    public static RankingDiagnostics of(
            float[] agreement, double[] order, PairScores scores, SafeSplit split, BitSet poison) {
        int published = 0;
        for (int pair : SafeSplit.mostSimilar(scores, (double) split.safe().length / split.pairs())
                .safe()) {
            published += poison.get(pair) ? 1 : 0;
        }
        int[] confirmed = IntStream.range(0, agreement.length)
                .filter(pair -> AgreementSelector.isConfirmed(agreement[pair]))
                .toArray();
        Integer pairs = confirmed.length == 0 ? null : (Integer) confirmed.length;
        Integer poisons = pairs == null
                ? null
                : (Integer) (int) IntStream.of(confirmed).filter(poison::get).count();
        if (poison.isEmpty() || poison.cardinality() == agreement.length) {
            return new RankingDiagnostics(null, null, published, pairs, poisons);
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
                AreaUnderCurve.roc(low, positive), AreaUnderCurve.roc(lowOrder, positive), published, pairs, poisons);
    }
}
