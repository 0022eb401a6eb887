package org.safeclip.experiments.run;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.safeclip.data.PairSet;
import org.safeclip.data.RandomKey;
import org.safeclip.experiments.attack.PoisonMask;
import org.safeclip.experiments.attack.PoisonedDataset;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.eval.AreaUnderCurve;
import org.safeclip.selection.Agreement;
import org.safeclip.selection.AgreementSettings;
import org.safeclip.selection.ComputeTime;
import org.safeclip.selection.PairFeatures;
import org.safeclip.selection.SafeSplit;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;

/**
 * What the ranking by {@link Agreement} makes of a poisoned data set, before any training. An area under the ROC curve is that of a
 * low value as a predictor of poisons.
 *
 * @param pairs N
 * @param poisons poisons among them
 * @param above poisons in the best share of the pairs
 * @param worstTarget the most poisons of one target in it
 * @param decoys decoys in it
 * @param words area under the ROC curve of p, the confirmed words
 * @param looks of c, the looks of similar captions
 * @param picture of m, the mean over a picture
 * @param crowd of n, the mean over near pictures
 * @param rarest of w, the least confirmed word
 * @param score of v, the ranking
 * @param classKept share of the clean pairs that name a target class in the best share
 * @param picturesLost share of the clean images of which no caption is in the best share
 * @param seconds wall-clock time of features and ranking
 */
public record RankingTrial(
        int pairs,
        int poisons,
        int above,
        int worstTarget,
        int decoys,
        double words,
        double looks,
        double picture,
        double crowd,
        double rarest,
        double score,
        double classKept,
        double picturesLost,
        double seconds) {

    /** Poisons a data set with the named attacks and ranks the pairs. */
    public static RankingTrial of(ExperimentConfig config, Dataset dataset, List<String> attacks, Backend backend)
            throws IOException {
        if (config.agreement().features() != AgreementSettings.Features.PLAIN) {
            throw new InvalidInputException("agreement.features is encoded, which needs trained encoders: rank computes"
                    + " without training, so leave it at plain");
        }
        PoisonedDataset data = Experiment.poison(config, dataset, Experiment.create(config, attacks));
        ComputeTime start = ComputeTime.now();
        RandomKey key = config.key().fold("agreement"); // as in training
        PairFeatures features = PairFeatures.plain(data.pairs(), key.fold("words"));
        Agreement agreement = Agreement.of(features, config.agreement(), backend, key);
        return of(
                data,
                agreement,
                config.agreement().vouched(),
                ComputeTime.now().since(start).wall());
    }

    private static RankingTrial of(PoisonedDataset data, Agreement agreement, double share, double seconds) {
        SafeSplit split = SafeSplit.best(agreement.score(), share);
        BitSet above = new BitSet();
        Arrays.stream(split.safe()).forEach(above::set);
        BitSet poisons = data.mask().rows();
        List<Integer> groups = data.mask().groups().stream()
                .map(group -> count(group.rows(), above))
                .toList();
        int[] naming = data.mask().groups().stream()
                .map(PoisonMask.Group::targetClass)
                .distinct()
                .flatMapToInt(noun -> IntStream.of(data.rowsNaming(noun)))
                .distinct()
                .toArray();
        return new RankingTrial(
                data.pairs().size(),
                poisons.cardinality(),
                groups.stream().mapToInt(Integer::intValue).sum(),
                groups.stream().mapToInt(Integer::intValue).max().orElse(0),
                count(data.mask().decoys(), above),
                roc(agreement.wordSupport(), poisons),
                roc(agreement.imageSupport(), poisons),
                roc(agreement.pictureMean(), poisons),
                roc(agreement.neighbourhoodMean(), poisons),
                roc(agreement.weakestWord(), poisons),
                roc(agreement.score(), poisons),
                naming.length == 0 ? Double.NaN : (double) count(naming, above) / naming.length,
                lost(data.pairs(), poisons, above),
                seconds);
    }

    private static int count(int[] rows, BitSet among) {
        return (int) IntStream.of(rows).filter(among::get).count();
    }

    private static double lost(PairSet pairs, BitSet poisons, BitSet above) {
        int[] first = pairs.firstShown();
        BitSet clean = new BitSet();
        BitSet kept = new BitSet();
        for (int pair = 0; pair < first.length; pair++) {
            if (!poisons.get(pair)) {
                clean.set(first[pair]);
                if (above.get(pair)) {
                    kept.set(first[pair]);
                }
            }
        }
        return 1 - (double) kept.cardinality() / Math.max(1, clean.cardinality());
    }

    private static double roc(double[] value, BitSet poisons) {
        boolean[] poisoned = new boolean[value.length];
        double[] low = new double[value.length];
        for (int i = 0; i < low.length; i++) {
            low[i] = -value[i];
            poisoned[i] = poisons.get(i);
        }
        return poisons.isEmpty() ? Double.NaN : AreaUnderCurve.roc(low, poisoned);
    }
}
