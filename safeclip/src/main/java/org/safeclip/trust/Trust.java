package org.safeclip.trust;

import org.safeclip.learn.Seconds;

/**
 * What one look at all pairs says about them: how similar picture and caption are, and how likely each pair belongs to
 * the mixture's trusted component.
 *
 * @param similarity cosine of picture and caption embedding, [N]
 * @param posterior probability of the larger-mean component, [N]
 * @param mixture the fit behind the posteriors
 * @param scoring what embedding all pairs cost
 * @param fitting what the mixture and the posteriors cost
 */
public record Trust(float[] similarity, double[] posterior, GaussianMixture mixture, Seconds scoring, Seconds fitting) {
    /** scikit-learn's tolerance on the change of the mean log-likelihood; the published thresholds hold for it. */
    public static final double TOLERANCE = 1e-3;

    /** scikit-learn's limit of iterations. */
    public static final int MAX_ITERATIONS = 100;

    /** Checks that both arrays speak of the same pairs. */
    public Trust {
        if (similarity.length != posterior.length) {
            throw new IllegalArgumentException("trust: " + similarity.length + " similarities but " + posterior.length
                    + " posteriors; both need one value a pair");
        }
    }

    /** Trust whose cost nobody asked for. */
    public Trust(float[] similarity, double[] posterior, GaussianMixture mixture) {
        this(similarity, posterior, mixture, Seconds.NONE, Seconds.NONE);
    }

    /** Fits the mixture with the published tolerance and keeps the posterior from falling as similarity rises. */
    public static Trust of(float[] similarity) {
        return of(similarity, TOLERANCE, MAX_ITERATIONS, true);
    }

    /**
     * Fits the mixture to the similarities.
     *
     * @param rising whether the posterior is kept from falling as similarity rises (the reference does not)
     */
    public static Trust of(float[] similarity, double tolerance, int maxIterations, boolean rising) {
        Seconds start = Seconds.now();
        GaussianMixture mixture = GaussianMixture.fit(similarity, tolerance, maxIterations);
        double[] posterior = mixture.posteriors(similarity, rising);
        return new Trust(
                similarity, posterior, mixture, Seconds.NONE, Seconds.now().since(start));
    }

    /** The same, with what the similarities had cost. */
    public Trust scoredIn(Seconds cost) {
        return new Trust(similarity, posterior, mixture, cost, fitting);
    }

    /** Number of pairs N. */
    public int pairs() {
        return similarity.length;
    }

    /** Number of pairs whose posterior reaches the floor. */
    public int believed(double floor) {
        int count = 0;
        for (double p : posterior) {
            if (p >= floor) {
                count++;
            }
        }
        return count;
    }
}
