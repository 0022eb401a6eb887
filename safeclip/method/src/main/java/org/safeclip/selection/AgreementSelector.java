package org.safeclip.selection;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.safeclip.data.Augmentation;
import org.safeclip.data.RandomKey;
import org.safeclip.model.ClipModel;

/**
 * Chooses the safe pairs by {@link Agreement} with others together with their own similarity; an extension of the paper. Only pairs
 * that others vouch for, the best share by v, which no training can change, are ever matched. Among them pair i has the place
 * {@code min(2 rank s_i, rank v_i)}: the least similar ones come last. The mixture only gives the size of the first safe set.
 *
 * <p>Once, before the mixed epoch {@link AgreementSettings#secondOpinion}, the model scores the pairs that are not vouched for
 * ({@link SecondOpinion}); those that it confirms are vouched for from then on. This is not repeated, since a model that had
 * matched a confirmed poison might confirm others. Pairs with a word whose other captions do not fit their pictures (small w), as in a
 * backdoor, are excluded.
 */
public final class AgreementSelector implements SafeSelector {
    /** The ranking of a pair that the model confirmed, above all v. */
    private static final float CONFIRMED = 2;

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
            double[] score = (settings.features() == AgreementSettings.Features.PLAIN
                            ? plainAgreement(model, augmentation)
                            : agreement(PairFeatures.encoded(model, augmentation), model))
                    .score();
            ranking = new float[pairs];
            for (int i = 0; i < pairs; i++) {
                ranking[i] = (float) score[i];
            }
        }
        return SafeSplit.best(doubles(ranking), settings.vouched()).safe();
    }

    private Agreement plainAgreement(ClipModel model, Augmentation augmentation) {
        return agreement(PairFeatures.plain(augmentation.pairs(), key.fold("words")), model);
    }

    private Agreement agreement(PairFeatures features, ClipModel model) {
        return Agreement.of(features, settings, model.backend(), key);
    }

    @Override
    public SafeSplit first(PairScores scores) {
        SafeSplit size = mixture.first(scores);
        SafeSplit best = SafeSplit.best(order(scores), size.share());
        return new SafeSplit(best.safe(), best.risky(), size.share(), size.fellBack());
    }

    @Override
    public SafeSplit next(SafeSplit last, PairScores scores) {
        double cap = Math.min(1, mixture.cap() + confirmed(ranking));
        return SafeSplit.best(order(scores), Math.min(last.share() + mixture.growth(), cap));
    }

    @Override
    public void reconsider(int mixedEpoch, ClipModel model, Augmentation augmentation) {
        if (mixedEpoch != settings.secondOpinion()) {
            return;
        }
        double[] score = doubles(ranking);
        SafeSplit vouched = SafeSplit.best(score, settings.vouched());
        double bar = IntStream.of(vouched.safe())
                .mapToDouble(pair -> score[pair])
                .min()
                .orElse(0);
        double[] words = Groups.ranks(plainAgreement(model, augmentation).weakestWord());
        int[] asked = IntStream.of(vouched.risky())
                .filter(pair -> 2 * words[pair] >= bar)
                .toArray();
        double[] confirmed = new double[ranking.length];
        for (int pair : SecondOpinion.confirmed(
                PairFeatures.encoded(model, augmentation),
                asked,
                vouched.safe(),
                settings,
                model.backend(),
                key.fold("second opinion"))) {
            confirmed[pair] = 1;
        }
        augmentation.processes().broadcast(confirmed); // processors of other kinds may round otherwise
        for (int pair = 0; pair < ranking.length; pair++) {
            ranking[pair] = confirmed[pair] > 0 ? CONFIRMED : ranking[pair];
        }
    }

    /** The share of the pairs that the model confirmed. */
    private static double confirmed(float[] agreement) {
        int count = 0;
        for (float score : agreement) {
            count += isConfirmed(score) ? 1 : 0;
        }
        return (double) count / Math.max(1, agreement.length);
    }

    /** Whether the {@link #ranking} of a pair says that the model confirmed it. */
    public static boolean isConfirmed(float ranking) {
        return ranking >= CONFIRMED;
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
     * @param agreement v of every pair, or 2 of one that the model confirmed, {@code [N]}
     * @param vouched share of the pairs, best first, that others vouch for
     */
    public static double[] order(PairScores scores, float[] agreement, double vouched) {
        double[] similarity = Groups.ranks(doubles(scores.similarity()));
        double[] score = Groups.ranks(doubles(agreement));
        double[] order = new double[score.length];
        Arrays.setAll(order, i -> score[i] - 1);
        for (int pair : SafeSplit.best(doubles(agreement), Math.min(1, vouched + confirmed(agreement)))
                .safe()) {
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
