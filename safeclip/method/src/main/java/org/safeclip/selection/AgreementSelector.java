package org.safeclip.selection;

import java.util.Arrays;
import org.safeclip.data.Augmentation;
import org.safeclip.data.RandomKey;
import org.safeclip.model.ClipModel;

/**
 * Chooses the safe pairs by {@link Agreement} with others together with their own similarity; an extension of the paper. Only pairs
 * that others vouch for, the best share by v, which no training can change, are ever matched. Among them pair i has the place
 * {@code min(2 rank s_i, rank v_i)}: the least similar ones come last. The mixture only gives the size of the first safe set.
 */
public final class AgreementSelector implements SafeSelector {
    private final AgreementSettings settings;
    private final MixtureSelector mixture;
    private final RandomKey key;
    private float[] ranking = {};

    /**
     * A selector that has not asked any pair yet.
     *
     * @param mixture gives the size of the first safe set and its growth
     * @param key the training's, from which the parts of the nearest lists are drawn
     */
    public AgreementSelector(AgreementSettings settings, MixtureSelector mixture, RandomKey key) {
        this.settings = settings;
        this.mixture = mixture;
        this.key = key.fold("agreement");
    }

    /** Ranks the pairs; the slow epochs match those that others vouch for. */
    @Override
    public int[] matchedSlowly(ClipModel model, Augmentation augmentation) {
        int pairs = augmentation.pairs().size();
        if (ranking.length != pairs) {
            PairFeatures features = settings.features() == AgreementSettings.Features.PLAIN
                    ? PairFeatures.plain(augmentation.pairs(), key.fold("words"))
                    : PairFeatures.encoded(model, augmentation);
            double[] score =
                    Agreement.of(features, settings, model.backend(), key).score();
            ranking = new float[pairs];
            for (int i = 0; i < pairs; i++) {
                ranking[i] = (float) score[i];
            }
        }
        return SafeSplit.best(doubles(ranking), settings.vouched()).safe();
    }

    @Override
    public SafeSplit first(PairScores scores) {
        SafeSplit size = mixture.first(scores);
        SafeSplit best = SafeSplit.best(order(scores), size.share());
        return new SafeSplit(best.safe(), best.risky(), size.share(), size.fellBack());
    }

    @Override
    public SafeSplit next(SafeSplit last, PairScores scores) {
        return SafeSplit.best(order(scores), Math.min(last.share() + mixture.growth(), mixture.cap()));
    }

    private double[] order(PairScores scores) {
        if (ranking.length != scores.pairs()) {
            throw new IllegalStateException("agreement: " + scores.pairs() + " pairs are scored, but " + ranking.length
                    + " are ranked; call matchedSlowly first");
        }
        return order(scores, ranking, settings.vouched());
    }

    /**
     * What the pairs are taken by, the largest first, {@code [N]}: {@code min(2 rank s, rank v)} of those that others vouch for,
     * {@code rank v − 1} of the rest.
     *
     * @param agreement v of every pair, {@code [N]}
     * @param vouched share of the pairs, best first, that others vouch for
     */
    public static double[] order(PairScores scores, float[] agreement, double vouched) {
        double[] similarity = Groups.ranks(doubles(scores.similarity()));
        double[] score = Groups.ranks(doubles(agreement));
        double[] order = new double[score.length];
        Arrays.setAll(order, i -> score[i] - 1);
        for (int pair : SafeSplit.best(doubles(agreement), vouched).safe()) {
            order[pair] = Math.min(2 * similarity[pair], score[pair]);
        }
        return order;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    @Override
    public float[] ranking() {
        return ranking.clone();
    }

    @Override
    public void restore(float[] saved) {
        ranking = saved.clone();
    }

    @Override
    public String forecast(int splits) {
        return "extension of the paper: pairs are ranked by agreement with others; " + mixture.forecast(splits);
    }
}
