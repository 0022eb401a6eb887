package org.safeclip.experiments.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.RankingDiagnostics;
import org.safeclip.experiments.eval.SafeContent;
import org.safeclip.experiments.eval.SplitDiagnostics;
import org.safeclip.selection.GaussianMixture;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;

/**
 * A split: the similarities of all pairs, the mixture fitted to them, and the safe set. Fields that need a poison mask are absent
 * without one.
 *
 * @param size pairs in the safe set
 * @param share target share r of the safe pairs
 * @param fellBack whether too few pairs reached the threshold
 * @param cut smallest similarity in the safe set; NaN if it is empty
 * @param weights mixing weights, smaller mean first, {@code [2]}
 * @param means means, smaller first, {@code [2]}
 * @param variances variances, smaller mean first, {@code [2]}
 * @param iterations number of E-steps
 * @param logLikelihood mean log-likelihood per pair, in nats; NaN if all similarities are equal
 * @param bicGain gain in BIC of two components over one; negative if one is enough
 * @param lowestPosterior posterior of the least similar pair
 * @param highestPosterior posterior of the most similar pair
 * @param meanSimilarity mean similarity of all pairs
 * @param safeSimilarity mean similarity of the safe pairs; NaN if there are none
 * @param jaccard Jaccard index with the previous safe set, absent for the first
 * @param content composition of the safe set, absent if not computed
 * @param histogram counts over similarity
 * @param poisoning comparison with the mask, absent without one
 * @param ranking the ranking by agreement, absent without one or without a mask
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SplitEvent(
        String method,
        int epoch,
        int size,
        double share,
        boolean fellBack,
        double cut,
        double[] weights,
        double[] means,
        double[] variances,
        int iterations,
        double logLikelihood,
        double bicGain,
        double lowestPosterior,
        double highestPosterior,
        double meanSimilarity,
        double safeSimilarity,
        @Nullable Double jaccard,
        @Nullable SafeContent content,
        Histogram histogram,
        @Nullable Poisoning poisoning,
        @Nullable RankingDiagnostics ranking)
        implements Event {

    /**
     * Counts over bins of similarity of equal width.
     *
     * @param low lower end of the first bin
     * @param high upper end of the last bin
     * @param clean clean pairs in each bin, or all pairs without a mask
     * @param poison poisons in each bin, absent without a mask
     * @param safeClean those of {@code clean} that are in the safe set, absent in metrics of older versions
     * @param safePoison those of {@code poison} that are in the safe set, absent without a mask and in metrics of older versions
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Histogram(
            double low,
            double high,
            int[] clean,
            int @Nullable [] poison,
            int @Nullable [] safeClean,
            int @Nullable [] safePoison) {

        private static Histogram of(SplitDiagnostics.Histogram counts, boolean masked) {
            return new Histogram(
                    counts.low(),
                    counts.high(),
                    counts.clean(),
                    masked ? counts.poisoned() : null,
                    counts.safeClean(),
                    masked ? counts.safePoisoned() : null);
        }

        /** Whether every pair of the bins above a similarity is safe, as far as it is known. */
        private boolean allSafeAbove(double similarity) {
            return allSafeAbove(similarity, clean, safeClean) && allSafeAbove(similarity, poison, safePoison);
        }

        private boolean allSafeAbove(double similarity, int @Nullable [] all, int @Nullable [] safe) {
            if (all == null || safe == null) {
                return true;
            }
            double width = (high - low) / all.length;
            double beyond = similarity + width / 100; // metrics are rounded
            for (int bin = all.length - 1; low + width * bin > beyond; bin--) {
                if (safe[bin] < all[bin]) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * The split compared with the poison mask; a risky pair counts as predicted to be a poison.
     *
     * @param poisons poisons among all pairs
     * @param inSafe poisons in the safe set
     * @param shareOfPoisons share of the poisons that are in the safe set
     * @param shareOfSafe share of the safe set that are poisons
     * @param precision share of the risky pairs that are poisons
     * @param recall share of the poisons that are risky
     * @param f1 harmonic mean of precision and recall
     * @param similarityRoc area under the ROC curve of low similarity as a predictor of poisons
     * @param similarityPrecision average precision of low similarity as a predictor of poisons
     * @param posteriorRoc area under the ROC curve of low posterior as a predictor of poisons
     * @param posteriorPrecision average precision of low posterior as a predictor of poisons
     * @param deciles poisons in each tenth of the pairs, least similar first, {@code [10]}
     * @param groups poisons of each target; empty if there is only one
     * @param decoys honest pairs added beside the poisons, absent without any
     * @param decoysInSafe such pairs in the safe set
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Poisoning(
            int poisons,
            int inSafe,
            double shareOfPoisons,
            double shareOfSafe,
            double precision,
            double recall,
            double f1,
            @Nullable Double similarityRoc,
            @Nullable Double similarityPrecision,
            @Nullable Double posteriorRoc,
            @Nullable Double posteriorPrecision,
            int[] deciles,
            List<Group> groups,
            @Nullable Integer decoys,
            @Nullable Integer decoysInSafe) {
        /** Copies the list. */
        public Poisoning {
            groups = List.copyOf(groups);
        }
    }

    /**
     * The poisons of one target.
     *
     * @param target target class
     * @param inSafe poisons of this target in the safe set
     * @param counts poisons of this target in each bin of the histogram
     */
    public record Group(String target, int inSafe, int[] counts) {}

    /**
     * The rows of the poisons of one target.
     *
     * @param target target class
     * @param rows rows of its poisons
     */
    public record TargetRows(String target, int[] rows) {}

    /**
     * Creates the event of a split.
     *
     * @param epoch epoch that trains on the split
     * @param diagnostics comparison with the poison mask and the previous split
     * @param masked whether there is a mask; without one, all pairs count as clean
     * @param targets poisons by target; reported separately if there are several
     * @param decoys rows of honest pairs added beside the poisons
     * @param content composition of the safe set, null if not computed
     */
    public static SplitEvent of(
            String method,
            int epoch,
            PairScores scores,
            SafeSplit split,
            SplitDiagnostics diagnostics,
            boolean masked,
            List<TargetRows> targets,
            int[] decoys,
            @Nullable SafeContent content) {
        GaussianMixture mixture = scores.mixture();
        double[] trace = mixture.logLikelihoodTrace();
        return new SplitEvent(
                method,
                epoch,
                split.safe().length,
                split.share(),
                split.fellBack(),
                Arrays.stream(split.safe())
                        .mapToDouble(pair -> scores.similarity()[pair])
                        .min()
                        .orElse(Double.NaN),
                mixture.weights(),
                mixture.means(),
                mixture.variances(),
                mixture.iterations(),
                trace.length == 0 ? Double.NaN : trace[trace.length - 1],
                mixture.bicGain(),
                scores.posterior()[extreme(scores.similarity(), -1)],
                scores.posterior()[extreme(scores.similarity(), 1)],
                mean(scores.similarity()),
                Arrays.stream(split.safe())
                        .mapToDouble(pair -> scores.similarity()[pair])
                        .average()
                        .orElse(Double.NaN),
                orNull(diagnostics.jaccard()),
                content,
                Histogram.of(diagnostics.histogram(), masked),
                masked ? poisoning(diagnostics, scores, split, targets, decoys) : null,
                null);
    }

    /** This event with a comparison of the ranking by agreement with the published one. */
    SplitEvent with(RankingDiagnostics diagnostics) {
        return new SplitEvent(
                method,
                epoch,
                size,
                share,
                fellBack,
                cut,
                weights,
                means,
                variances,
                iterations,
                logLikelihood,
                bicGain,
                lowestPosterior,
                highestPosterior,
                meanSimilarity,
                safeSimilarity,
                jaccard,
                content,
                histogram,
                poisoning,
                diagnostics);
    }

    private static Poisoning poisoning(
            SplitDiagnostics known, PairScores scores, SafeSplit split, List<TargetRows> targets, int[] decoys) {
        List<Group> groups = new ArrayList<>();
        if (targets.size() > 1) {
            for (TargetRows target : targets) {
                groups.add(new Group(
                        target.target(),
                        inSafe(split, target.rows()),
                        known.histogram().count(scores.similarity(), target.rows())));
            }
        }
        return new Poisoning(
                known.poisons(),
                known.safePoisons(),
                known.shareOfPoisons(),
                known.shareOfSafe(),
                known.precision(),
                known.recall(),
                known.f1(),
                orNull(known.similarityRoc()),
                orNull(known.similarityPrecision()),
                orNull(known.posteriorRoc()),
                orNull(known.posteriorPrecision()),
                known.decilePoisons(),
                groups,
                decoys.length == 0 ? null : (Integer) decoys.length,
                decoys.length == 0 ? null : (Integer) inSafe(split, decoys));
    }

    private static int inSafe(SafeSplit split, int... rows) {
        return (int) Arrays.stream(rows)
                .filter(row -> Arrays.binarySearch(split.safe(), row) >= 0)
                .count();
    }

    /** Number of pairs N, the sum of the counts. */
    public int pairs() {
        int poisoned = histogram.poison() == null
                ? 0
                : Arrays.stream(histogram.poison()).sum();
        return Arrays.stream(histogram.clean()).sum() + poisoned;
    }

    /** Whether the safe pairs are those above a similarity, {@link #cut}, as in the paper. */
    public boolean safeBySimilarity() {
        return Double.isFinite(cut) && histogram.allSafeAbove(cut);
    }

    /** Poisons in the safe set, null without a mask. */
    public @Nullable Integer poisons() {
        return poisoning == null ? null : (Integer) poisoning.inSafe();
    }

    /** Weighted density of one component at x: {@code w_k N(x; m_k, v_k)}. */
    public double density(int component, double x) {
        double d = x - means[component];
        double variance = variances[component];
        return weights[component] / Math.sqrt(2 * Math.PI * variance) * Math.exp(-0.5 * d * d / variance);
    }

    private static int extreme(float[] values, int sign) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (sign * values[i] > sign * values[best]) {
                best = i;
            }
        }
        return best;
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? (Double) value.getAsDouble() : null;
    }
}
