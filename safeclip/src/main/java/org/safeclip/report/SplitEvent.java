package org.safeclip.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Arrays;
import java.util.BitSet;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.safeclip.trust.GaussianMixture;
import org.safeclip.trust.SafeSplit;
import org.safeclip.trust.SplitDiagnostics;
import org.safeclip.trust.Trust;

/**
 * One look at all pairs, the mixture fitted to their similarities, and the split made of it. What only a poison mask
 * can tell is absent where none was given.
 *
 * @param size pairs in the safe set
 * @param share share r of the pairs the split aims at
 * @param fellBack whether too few pairs reached the threshold
 * @param cut least similarity in the safe set; NaN where it is empty
 * @param weights mixing weights, smaller mean first, [2]
 * @param means means, [2]
 * @param variances variances, [2]
 * @param iterations E-steps taken
 * @param logLikelihood mean log-likelihood per pair, in nats; NaN where all similarities were equal
 * @param bicGain how much two components explain better than one; negative: one is enough
 * @param poisons poisons in the safe set
 * @param poisonShare share of all poisons that are in the safe set
 * @param similarityRoc area under the ROC curve of low similarity as a sign of poison
 * @param posteriorRoc area under the ROC curve of low posterior as a sign of poison
 * @param jaccard overlap with the previous safe set
 * @param histogram counts over similarity
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
        @Nullable Integer poisons,
        @Nullable Double poisonShare,
        @Nullable Double similarityRoc,
        @Nullable Double posteriorRoc,
        @Nullable Double jaccard,
        Histogram histogram)
        implements Event {

    /**
     * Counts over equal bins of similarity.
     *
     * @param low lower end of the first bin
     * @param high upper end of the last bin
     * @param clean clean pairs in each bin, or all pairs where no mask is known
     * @param poison poisons in each bin, absent where no mask is known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Histogram(double low, double high, int[] clean, int @Nullable [] poison) {

        private static Histogram of(SplitDiagnostics.Histogram counts, boolean masked) {
            return new Histogram(counts.low(), counts.high(), counts.clean(), masked ? counts.poisoned() : null);
        }
    }

    /**
     * The event of a split.
     *
     * @param epoch the epoch that trains on it
     * @param diagnostics its comparison with the poison mask, or null where none is known
     */
    public static SplitEvent of(
            String method, int epoch, Trust trust, SafeSplit split, @Nullable SplitDiagnostics diagnostics) {
        GaussianMixture mixture = trust.mixture();
        double[] trace = mixture.logLikelihoodTrace();
        double cut = Arrays.stream(split.safe())
                .mapToDouble(pair -> trust.similarity()[pair])
                .min()
                .orElse(Double.NaN);
        // without a mask every pair counts as clean: the counts are then those of all pairs
        SplitDiagnostics known =
                diagnostics == null ? SplitDiagnostics.of(trust, split, new BitSet(), null) : diagnostics;
        boolean masked = diagnostics != null;
        return new SplitEvent(
                method,
                epoch,
                split.safe().length,
                split.share(),
                split.fellBack(),
                cut,
                mixture.weights(),
                mixture.means(),
                mixture.variances(),
                mixture.iterations(),
                trace.length == 0 ? Double.NaN : trace[trace.length - 1],
                mixture.bicGain(),
                masked ? (Integer) known.safePoisons() : null,
                masked ? (Double) known.shareOfPoisons() : null,
                orNull(known.similarityRoc()),
                orNull(known.posteriorRoc()),
                orNull(known.jaccard()),
                Histogram.of(known.histogram(), masked));
    }

    /** Number of pairs N, the sum of the counts. */
    public int pairs() {
        int poisoned = histogram.poison() == null
                ? 0
                : Arrays.stream(histogram.poison()).sum();
        return Arrays.stream(histogram.clean()).sum() + poisoned;
    }

    /** Weighted density of one component at x: {@code w_k N(x; m_k, v_k)}. */
    public double density(int component, double x) {
        double d = x - means[component];
        double variance = variances[component];
        return weights[component] / Math.sqrt(2 * Math.PI * variance) * Math.exp(-0.5 * d * d / variance);
    }

    private static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? (Double) value.getAsDouble() : null;
    }
}
