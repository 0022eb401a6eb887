package org.safeclip.experiments.eval;

import java.util.Arrays;
import java.util.BitSet;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;

/**
 * How well a split separates the poisons from the clean pairs. It needs the poison mask; training never uses it.
 *
 * <p>A risky pair counts as predicted to be a poison. For the areas under curves, low similarity (or posterior) predicts a
 * poison: 1 if every poison is below every clean pair, 0.5 for chance (ROC); empty if there are no poisons or only poisons.
 *
 * @param pairs N, all pairs
 * @param poisons poisons among all pairs
 * @param safeSize pairs in the safe set
 * @param safePoisons poisons in the safe set
 * @param precision share of the risky pairs that are poisons
 * @param recall share of the poisons that are risky
 * @param f1 harmonic mean of precision and recall
 * @param similarityRoc area under the ROC curve of low similarity as a predictor of poisons
 * @param similarityPrecision average precision of low similarity as a predictor of poisons
 * @param posteriorRoc area under the ROC curve of low posterior as a predictor of poisons
 * @param posteriorPrecision average precision of low posterior as a predictor of poisons
 * @param decilePoisons poisons in each tenth of the pairs, least similar first, {@code [10]}
 * @param histogram counts of clean and poisoned pairs over similarity
 * @param jaccard Jaccard index with the previous safe set, empty for the first split
 */
public record SplitDiagnostics(
        int pairs,
        int poisons,
        int safeSize,
        int safePoisons,
        double precision,
        double recall,
        double f1,
        OptionalDouble similarityRoc,
        OptionalDouble similarityPrecision,
        OptionalDouble posteriorRoc,
        OptionalDouble posteriorPrecision,
        int[] decilePoisons,
        Histogram histogram,
        OptionalDouble jaccard) {

    private static final int BINS = 60;

    /**
     * Counts over bins of similarity of equal width.
     *
     * @param low lower end of the first bin
     * @param high upper end of the last bin, inclusive
     * @param clean clean pairs in each bin
     * @param poisoned poisoned pairs in each bin
     * @param safeClean clean pairs of the safe set in each bin
     * @param safePoisoned poisoned pairs of the safe set in each bin
     */
    public record Histogram(double low, double high, int[] clean, int[] poisoned, int[] safeClean, int[] safePoisoned) {

        /** Counts some of the pairs, such as the poisons of one target, in these bins. */
        public int[] count(float[] similarity, int[] some) {
            int[] counts = new int[clean.length];
            for (int i : some) {
                counts[bin(similarity[i], low, high, counts.length)]++;
            }
            return counts;
        }

        private static int bin(float similarity, double low, double high, int bins) {
            int bin = high > low ? (int) (bins * (similarity - low) / (high - low)) : 0;
            return Math.min(bin, bins - 1);
        }

        private static Histogram of(float[] similarity, BitSet poison, int[] safe, int bins) {
            float low = Float.POSITIVE_INFINITY;
            float high = Float.NEGATIVE_INFINITY;
            for (float s : similarity) {
                low = Math.min(low, s);
                high = Math.max(high, s);
            }
            int[] clean = new int[bins];
            int[] poisoned = new int[bins];
            for (int i = 0; i < similarity.length; i++) {
                (poison.get(i) ? poisoned : clean)[bin(similarity[i], low, high, bins)]++;
            }
            int[] safeClean = new int[bins];
            int[] safePoisoned = new int[bins];
            for (int i : safe) {
                (poison.get(i) ? safePoisoned : safeClean)[bin(similarity[i], low, high, bins)]++;
            }
            return new Histogram(low, high, clean, poisoned, safeClean, safePoisoned);
        }
    }

    /** Share of the poisons that are in the safe set; 0 if there are no poisons. */
    public double shareOfPoisons() {
        return ratio(safePoisons, poisons);
    }

    /** Share of the safe set that are poisons. */
    public double shareOfSafe() {
        return ratio(safePoisons, safeSize);
    }

    /**
     * Compares a split with the poison mask.
     *
     * @param poison which pairs are poisons
     * @param previous the previous split, null for the first
     * @throws IllegalArgumentException if the numbers of pairs differ
     */
    public static SplitDiagnostics of(PairScores scores, SafeSplit split, BitSet poison, @Nullable SafeSplit previous) {
        int n = scores.pairs();
        if (split.pairs() != n || poison.length() > n) {
            throw new IllegalArgumentException("diagnostics: scores of " + n + " pairs, the split of " + split.pairs()
                    + ", the mask reaches " + poison.length() + "; all must describe one set of pairs");
        }
        int safePoisons = 0;
        for (int i : split.safe()) {
            safePoisons += poison.get(i) ? 1 : 0;
        }
        int poisons = poison.cardinality();
        int caught = poisons - safePoisons;
        double precision = ratio(caught, split.risky().length);
        double recall = ratio(caught, poisons);
        boolean comparable = poisons > 0 && poisons < n;
        boolean[] isPoison = new boolean[n];
        double[] dissimilar = new double[n];
        double[] lowPosterior = new double[n];
        for (int i = 0; i < n; i++) {
            isPoison[i] = poison.get(i);
            dissimilar[i] = -scores.similarity()[i];
            lowPosterior[i] = -scores.posterior()[i];
        }
        return new SplitDiagnostics(
                n,
                poisons,
                split.safe().length,
                safePoisons,
                precision,
                recall,
                caught == 0 ? 0 : 2 * precision * recall / (precision + recall),
                comparable ? OptionalDouble.of(AreaUnderCurve.roc(dissimilar, isPoison)) : OptionalDouble.empty(),
                comparable
                        ? OptionalDouble.of(AreaUnderCurve.averagePrecision(dissimilar, isPoison))
                        : OptionalDouble.empty(),
                comparable ? OptionalDouble.of(AreaUnderCurve.roc(lowPosterior, isPoison)) : OptionalDouble.empty(),
                comparable
                        ? OptionalDouble.of(AreaUnderCurve.averagePrecision(lowPosterior, isPoison))
                        : OptionalDouble.empty(),
                deciles(scores.similarity(), poison),
                Histogram.of(scores.similarity(), poison, split.safe(), BINS),
                previous == null ? OptionalDouble.empty() : OptionalDouble.of(split.jaccard(previous)));
    }

    /** Poisons in each tenth of the sorted similarities; equal similarities belong to the tenth of the first of them. */
    private static int[] deciles(float[] similarity, BitSet poison) {
        float[] sorted = similarity.clone();
        Arrays.sort(sorted);
        int[] counts = new int[10];
        for (int i = poison.nextSetBit(0); i >= 0; i = poison.nextSetBit(i + 1)) {
            int rank = Arrays.binarySearch(sorted, similarity[i]);
            while (rank > 0 && sorted[rank - 1] == similarity[i]) {
                rank--;
            }
            counts[(int) (10L * rank / sorted.length)]++;
        }
        return counts;
    }

    private static double ratio(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
