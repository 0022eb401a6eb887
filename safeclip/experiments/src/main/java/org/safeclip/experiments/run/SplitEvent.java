package org.safeclip.experiments.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.SafeContent;
import org.safeclip.experiments.eval.SplitDiagnostics;
import org.safeclip.selection.GaussianMixture;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;

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
 * @param lowestPosterior posterior of the least similar pair
 * @param highestPosterior posterior of the most similar pair
 * @param meanSimilarity mean over all pairs
 * @param safeSimilarity mean over the safe pairs; NaN where there is none
 * @param jaccard overlap with the previous safe set, absent at the first
 * @param content what the safe set is made of, absent where nobody looked
 * @param histogram counts over similarity
 * @param poisoning what the mask tells
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
        @Nullable Poisoning poisoning)
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
     * The split beside the truth; "risky" read as the verdict "poison".
     *
     * @param poisons poisons among all pairs
     * @param inSafe poisons in the safe set
     * @param shareOfPoisons of all poisons, those in the safe set
     * @param shareOfSafe of the safe set, the poisons
     * @param precision share of the risky pairs that are poisons
     * @param recall share of the poisons that are risky
     * @param f1 harmonic mean of both
     * @param similarityRoc area under the ROC curve of low similarity as a sign of poison
     * @param similarityPrecision area under its precision-recall curve (average precision)
     * @param posteriorRoc the same of low posterior
     * @param posteriorPrecision the same of low posterior
     * @param deciles poisons in each tenth of the pairs, least similar first, [10]
     * @param groups the poisons of each target; none where there is but one
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
            List<Group> groups) {
        /** Copies the list. */
        public Poisoning {
            groups = List.copyOf(groups);
        }
    }

    /**
     * Poisons with one aim.
     *
     * @param target the class the attacker wants
     * @param inSafe those in the safe set
     * @param counts over the bins of the histogram
     */
    public record Group(String target, int inSafe, int[] counts) {}

    /**
     * Poisons with one aim, as the mask has them.
     *
     * @param target the class the attacker wants
     * @param rows the poisoned pairs
     */
    public record Aim(String target, int[] rows) {}

    /**
     * The event of a split.
     *
     * @param epoch the epoch that trains on it
     * @param diagnostics its comparison with the poison mask and with the split before
     * @param masked whether there is a mask; without one every pair counts as clean, and the counts are those of all pairs
     * @param aims the poisons by target; told apart where there are several
     * @param content what it is made of, null where nobody looked
     */
    public static SplitEvent of(
            String method,
            int epoch,
            PairScores scores,
            SafeSplit split,
            SplitDiagnostics diagnostics,
            boolean masked,
            List<Aim> aims,
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
                masked ? poisoning(diagnostics, scores, split, aims) : null);
    }

    private static Poisoning poisoning(SplitDiagnostics known, PairScores scores, SafeSplit split, List<Aim> aims) {
        List<Group> groups = new ArrayList<>();
        if (aims.size() > 1) {
            for (Aim aim : aims) {
                int inSafe = (int) Arrays.stream(aim.rows())
                        .filter(row -> Arrays.binarySearch(split.safe(), row) >= 0)
                        .count();
                groups.add(new Group(aim.target(), inSafe, known.histogram().count(scores.similarity(), aim.rows())));
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
                groups);
    }

    /** Number of pairs N, the sum of the counts. */
    public int pairs() {
        int poisoned = histogram.poison() == null
                ? 0
                : Arrays.stream(histogram.poison()).sum();
        return Arrays.stream(histogram.clean()).sum() + poisoned;
    }

    /** Poisons in the safe set, null where no mask is known. */
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
