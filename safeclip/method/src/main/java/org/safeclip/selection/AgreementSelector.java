package org.safeclip.selection;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.safeclip.data.Augmentation;
import org.safeclip.data.RandomKey;
import org.safeclip.model.ClipModel;

/**
 * Chooses the safe pairs by what other pairs say ({@link Agreement}), then by what a model says that has not matched them ({@link
 * Objections}); an extension of the paper.
 *
 * <ol>
 *   <li>Slow epochs match the pairs that others vouch for: the best share by v, which no training can change.
 *   <li>The first safe set has the size that the mixture gives. Of the pairs vouched for it takes those with the largest {@code
 *       min(2 rank s, rank v)}: the least similar ones are left out.
 *   <li>Each later split adds the pairs to which the model objects by at most a limit, twice as much where others vouch for the pair.
 *       What it has matched stays in.
 * </ol>
 *
 * Pairs with a word whose other captions do not fit their pictures (small w), as in a backdoor, are never added.
 */
public final class AgreementSelector implements SafeSelector {
    private final AgreementSettings settings;
    private final MixtureSelector mixture;
    private final RandomKey key;
    private float[] ranking = {};
    private int[] confirmed = {};

    /**
     * A selector that has not ranked any pairs yet.
     *
     * @param mixture gives the size of the first safe set, and its growth where that is not by confirmed pairs
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
        if (ranking.length != augmentation.pairs().size()) {
            Agreement agreement = Agreement.of(features(model, augmentation), settings, model.backend(), key);
            ranking = ranking(agreement, settings.vouched());
        }
        return vouched().safe();
    }

    private PairFeatures features(ClipModel model, Augmentation augmentation) {
        return settings.features() == AgreementSettings.Features.PLAIN
                ? PairFeatures.plain(augmentation.pairs(), key.fold("words"))
                : PairFeatures.encoded(model, augmentation);
    }

    /** v of each pair, less 1 where the weakest word alone keeps the pair from being vouched for. */
    private static float[] ranking(Agreement agreement, double vouched) {
        double[] score = agreement.score();
        double bar = IntStream.of(SafeSplit.best(score, vouched).safe())
                .mapToDouble(pair -> score[pair])
                .min()
                .orElse(0);
        double[] words = Groups.ranks(agreement.weakestWord());
        float[] ranking = new float[score.length];
        for (int pair = 0; pair < ranking.length; pair++) {
            ranking[pair] = (float) (2 * words[pair] < bar ? score[pair] - 1 : score[pair]);
        }
        return ranking;
    }

    private SafeSplit vouched() {
        return SafeSplit.best(doubles(ranking), settings.vouched());
    }

    @Override
    public SafeSplit first(PairScores scores) {
        SafeSplit size = mixture.first(scores);
        SafeSplit best = SafeSplit.best(order(scores), size.share());
        return new SafeSplit(best.safe(), best.risky(), size.share(), size.fellBack());
    }

    @Override
    public void reconsider(SafeSplit last, ClipModel model, Augmentation augmentation) {
        if (settings.growth() == AgreementSettings.Growth.VOUCHED) {
            return;
        }
        int[] scored =
                IntStream.of(last.risky()).filter(pair -> ranking[pair] > 0).toArray();
        double[] objections = Objections.of(
                PairFeatures.encoded(model, augmentation),
                scored,
                last.safe(),
                settings.alike(),
                settings.crowd(),
                model.backend(),
                key.fold("jury"));
        augmentation.processes().broadcast(objections); // processors of other kinds may round otherwise
        BitSet vouched = new BitSet(ranking.length);
        IntStream.of(vouched().safe()).forEach(vouched::set);
        Arrays.setAll(objections, i -> vouched.get(scored[i]) ? objections[i] / 2 : objections[i]);
        int room = (int) (settings.largest() * ranking.length) - last.safe().length;
        confirmed = IntStream.range(0, scored.length)
                .filter(i -> objections[i] <= settings.objection())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> objections[i]))
                .limit(Math.max(0, room))
                .mapToInt(i -> scored[i])
                .toArray();
    }

    @Override
    public SafeSplit next(SafeSplit last, PairScores scores) {
        if (settings.growth() == AgreementSettings.Growth.VOUCHED) {
            return SafeSplit.best(order(scores), Math.min(last.share() + mixture.growth(), settings.largest()));
        }
        return last.with(confirmed);
    }

    private double[] order(PairScores scores) {
        if (ranking.length != scores.pairs()) {
            throw new IllegalStateException("agreement: " + scores.pairs() + " pairs are scored, but " + ranking.length
                    + " are ranked; call matchedSlowly first");
        }
        return order(scores, ranking, settings.vouched());
    }

    /**
     * What the pairs of the first safe set are taken by, the largest first, {@code [N]}: {@code min(2 rank s, rank v)} of those that
     * others vouch for, {@code rank v − 1} of the rest.
     *
     * @param agreement the {@link #ranking}, {@code [N]}
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
        return settings.growth() == AgreementSettings.Growth.VOUCHED
                ? "extension of the paper: pairs are ranked by agreement with others; " + mixture.forecast(splits)
                : "extension of the paper: the first safe set by agreement with others; each epoch adds the pairs that the model"
                        + " confirms before it has matched them";
    }
}
