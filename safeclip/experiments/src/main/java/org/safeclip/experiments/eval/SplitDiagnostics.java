package org.safeclip.experiments.eval;

import java.util.Arrays;
import java.util.BitSet;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;

/**
 * How well a split kept the poisons out, known only to who knows the poisons: computed beside training, never read by
 * it.
 *
 * <p>"Risky" is read as the verdict "poison". The areas rank pairs from least to most similar (or trusted): 1 where
 * every poison comes before every clean pair, 0.5 for chance; they are empty where there is no poison or nothing else.
 *
 * @param pairs N
 * @param poisons poisons among all pairs
 * @param safeSize pairs in the safe set
 * @param safePoisons poisons in the safe set
 * @param precision share of the risky pairs that are poisons
 * @param recall share of the poisons that are risky
 * @param f1 harmonic mean of precision and recall
 * @param similarityRoc area under the ROC curve of low similarity as a sign of poison
 * @param similarityPrecision average precision of the same
 * @param posteriorRoc area under the ROC curve of low posterior as a sign of poison
 * @param posteriorPrecision average precision of the same
 * @param decilePoisons poisons in each tenth of the pairs in order of similarity, least similar first, [10]
 * @param histogram counts of clean and poisoned pairs over similarity
 * @param jaccard overlap with the previous safe set, empty for the first split
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
     * Counts over equal bins of similarity.
     *
     * @param low lower end of the first bin
     * @param high upper end of the last bin, which includes it
     * @param clean clean pairs in each bin
     * @param poisoned poisoned pairs in each bin
     */
    public record Histogram(double low, double high, int[] clean, int[] poisoned) {

        /** Counts of some of the pairs over the same bins, such as the poisons of one target. */
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

        private static Histogram of(float[] similarity, BitSet poison, int bins) {
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
            return new Histogram(low, high, clean, poisoned);
        }
    }

    /** Share of all poisons that are in the safe set; 0 where there is no poison. */
    public double shareOfPoisons() {
        return ratio(safePoisons, poisons);
    }

    /** Share of the safe set that is poison. */
    public double shareOfSafe() {
        return ratio(safePoisons, safeSize);
    }

    /**
     * Compares a finished split with the truth.
     *
     * @param poison which pairs are poisons
     * @param previous the split before, or null for the first
     */
    public static SplitDiagnostics of(PairScores scores, SafeSplit split, BitSet poison, @Nullable SafeSplit previous) {
        int n = scores.pairs();
        if (split.pairs() != n || poison.length() > n) {
            throw new IllegalArgumentException("diagnostics: scores speaks of " + n + " pairs, the split of "
                    + split.pairs() + ", the mask reaches " + poison.length() + "; all must be about the same pairs");
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
        double[] distrusted = new double[n];
        for (int i = 0; i < n; i++) {
            isPoison[i] = poison.get(i);
            dissimilar[i] = -scores.similarity()[i];
            distrusted[i] = -scores.posterior()[i];
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
                comparable ? OptionalDouble.of(AreaUnderCurve.roc(distrusted, isPoison)) : OptionalDouble.empty(),
                comparable
                        ? OptionalDouble.of(AreaUnderCurve.averagePrecision(distrusted, isPoison))
                        : OptionalDouble.empty(),
                deciles(scores.similarity(), poison),
                Histogram.of(scores.similarity(), poison, BINS),
                previous == null ? OptionalDouble.empty() : OptionalDouble.of(split.jaccard(previous)));
    }

    /**
     * Poisons in each tenth of the sorted similarities; equal similarities fall into the tenth of the first of them.
     */
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
