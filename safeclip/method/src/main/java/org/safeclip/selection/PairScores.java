package org.safeclip.selection;

import org.safeclip.data.Augmentation;
import org.safeclip.model.ClipModel;

/**
 * The scores of all pairs in one epoch: how similar image and caption are, and how probably the pair belongs to the mixture's
 * component of larger similarity, that of the honest pairs.
 *
 * @param similarity cosine of image and caption embedding, [N]
 * @param posterior probability of the component of larger mean, [N]
 * @param mixture the fit behind the posteriors
 * @param scoring time that embedding all pairs took
 * @param fitting time that the mixture and the posteriors took
 */
public record PairScores(
        float[] similarity, double[] posterior, GaussianMixture mixture, ComputeTime scoring, ComputeTime fitting) {

    /** Checks that both arrays are about the same pairs. */
    public PairScores {
        if (similarity.length != posterior.length) {
            throw new IllegalArgumentException("scores: " + similarity.length + " similarities but " + posterior.length
                    + " posteriors; both need one value for each pair");
        }
    }

    /** Scores whose computing time is not known. */
    public PairScores(float[] similarity, double[] posterior, GaussianMixture mixture) {
        this(similarity, posterior, mixture, ComputeTime.NONE, ComputeTime.NONE);
    }

    /**
     * Scores the pairs with a model. Several processes each score a part of them, and all get the same posteriors.
     *
     * @param epoch number of the epoch, which names the random views where scoring draws any
     */
    public static PairScores of(ClipModel model, Augmentation augmentation, int epoch, ScoringSettings settings) {
        ComputeTime start = ComputeTime.now();
        float[] similarity = settings.draws() == 0
                ? Similarities.ofPlainPairs(model, augmentation)
                : Similarities.ofViews(model, augmentation, epoch, settings.draws());
        ComputeTime scored = ComputeTime.now();
        PairScores scores = of(similarity, settings);
        augmentation.processes().broadcast(scores.posterior); // processors of other kinds may round otherwise
        return new PairScores(similarity, scores.posterior, scores.mixture, scored.since(start), scores.fitting);
    }

    /** Fits the mixture to known similarities, with the paper's tolerance. */
    public static PairScores of(float[] similarity) {
        return of(similarity, ScoringSettings.defaults());
    }

    /** Fits the mixture to known similarities. */
    public static PairScores of(float[] similarity, ScoringSettings settings) {
        ComputeTime start = ComputeTime.now();
        GaussianMixture mixture = GaussianMixture.fit(similarity, settings.tolerance(), settings.maxIterations());
        double[] posterior = mixture.posteriors(similarity, settings.monotone());
        return new PairScores(
                similarity,
                posterior,
                mixture,
                ComputeTime.NONE,
                ComputeTime.now().since(start));
    }

    /** Number of pairs N. */
    public int pairs() {
        return similarity.length;
    }

    /** Number of pairs whose posterior is at least a threshold. */
    public int countAbove(double threshold) {
        int count = 0;
        for (double p : posterior) {
            if (p >= threshold) {
                count++;
            }
        }
        return count;
    }
}
