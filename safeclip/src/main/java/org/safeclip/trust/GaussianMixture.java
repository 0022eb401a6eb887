package org.safeclip.trust;

import java.util.Arrays;

/**
 * Two Gaussians fitted to the similarities of all pairs by expectation-maximisation: which of the two a pair belongs to
 * is how far we trust it (SafeCLIP, ICML 2024).
 *
 * <p>{@code p(x) = w0 N(x; m0, v0) + w1 N(x; m1, v1)}, components ordered so that {@code m0 <= m1}. The order of steps
 * and the constants are those of scikit-learn's {@code GaussianMixture}: M-step on hard 2-means labels, then E-step,
 * M-step, until the mean log-likelihood changes by less than the tolerance. The tolerance is part of the method, not a
 * detail of the arithmetic: a unimodal histogram keeps about 13 % of its samples above 0.9 at 1e-3 and under 1 % at
 * 1e-6.
 *
 * @param weights mixing weights {w0, w1}; {1, 0} where all values were equal and there is but one component
 * @param means {m0, m1}
 * @param variances {v0, v1}, each with the floor 1e-6 added
 * @param iterations E-steps taken
 * @param converged whether the tolerance was met within the allowed iterations
 * @param logLikelihoodTrace mean log-likelihood per value found by each E-step, in nats; never falling, but for what
 *     the variance floor takes
 * @param bicOne Bayesian information criterion of a single Gaussian (smaller is better)
 * @param bicTwo the same criterion of this mixture
 */
public record GaussianMixture(
        double[] weights,
        double[] means,
        double[] variances,
        int iterations,
        boolean converged,
        double[] logLikelihoodTrace,
        double bicOne,
        double bicTwo) {

    /** Added to every variance, so that no component can collapse onto one value. */
    private static final double VARIANCE_FLOOR = 1e-6;

    /** Added to the responsibility each component holds, so that no division is by zero. */
    private static final double COUNT_FLOOR = 10 * Math.ulp(1.0);

    private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

    /** Squares of larger values would overflow and make NaN of infinity minus infinity. */
    private static final double LARGEST = 1e100;

    /** Fits from the exact, seedless 2-means split of the values. */
    public static GaussianMixture fit(float[] x, double tolerance, int maxIterations) {
        return fit(widen(x), tolerance, maxIterations);
    }

    /** Fits from the exact, seedless 2-means split of the values. */
    public static GaussianMixture fit(double[] x, double tolerance, int maxIterations) {
        requireValues(x);
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        if (sorted[0] == sorted[sorted.length - 1]) {
            return single(x);
        }
        double boundary = firstOfUpperCluster(sorted);
        boolean[] upper = new boolean[x.length];
        for (int i = 0; i < x.length; i++) {
            upper[i] = x[i] >= boundary;
        }
        return fitFrom(x, upper, tolerance, maxIterations);
    }

    /**
     * Fits from given hard labels.
     *
     * @param upper which values start in the second component; both components must hold at least one
     * @param maxIterations at most this many E-steps; 0 returns the start itself
     */
    public static GaussianMixture fitFrom(double[] x, boolean[] upper, double tolerance, int maxIterations) {
        requireValues(x);
        double[] share = responsibilities(x, upper);
        double[] weights = new double[2];
        double[] means = new double[2];
        double[] variances = new double[2];
        maximise(x, share, weights, means, variances);

        double[] trace = new double[maxIterations];
        double previous = Double.NEGATIVE_INFINITY;
        int iterations = 0;
        boolean converged = false;
        while (iterations < maxIterations && !converged) {
            double likelihood = expect(x, share, weights, means, variances);
            maximise(x, share, weights, means, variances);
            trace[iterations++] = likelihood;
            converged = Math.abs(likelihood - previous) < tolerance;
            previous = likelihood;
        }
        if (means[0] > means[1]) {
            swap(weights);
            swap(means);
            swap(variances);
        }
        double likelihood = expect(x, share, weights, means, variances);
        return new GaussianMixture(
                weights,
                means,
                variances,
                iterations,
                converged,
                Arrays.copyOf(trace, iterations),
                bicOfOne(x),
                bic(likelihood, x.length, 5));
    }

    /** Whether all values were equal, so that nothing could be told apart and no value is trusted. */
    public boolean isSingle() {
        return weights[1] == 0;
    }

    /** How much two components explain better than one, in units of the criterion; negative: one is enough. */
    public double bicGain() {
        return bicOne - bicTwo;
    }

    /** Density of the whole mixture at x. */
    public double density(double x) {
        return density(0, x) + density(1, x);
    }

    /** Weighted density of one component at x: {@code w_k N(x; m_k, v_k)}. */
    public double density(int component, double x) {
        return Math.exp(logJoint(x, weights[component], means[component], variances[component]));
    }

    /** Probability that x belongs to the component of the larger mean. */
    public double posterior(double x) {
        double lower = logJoint(x, weights[0], means[0], variances[0]);
        double upper = logJoint(x, weights[1], means[1], variances[1]);
        return 1 / (1 + Math.exp(lower - upper));
    }

    /**
     * The posterior, kept from falling as x rises. Where the variances differ the log-odds are a parabola, and beyond
     * its vertex the *wider* component wins again: the most similar pairs would lose trust, or the least similar gain
     * it. Beyond the vertex, which never lies between the means, the value at the vertex is kept.
     */
    public double risingPosterior(double x) {
        double difference = variances[0] - variances[1];
        if (difference == 0) {
            return posterior(x);
        }
        double vertex = (means[1] * variances[0] - means[0] * variances[1]) / difference;
        return posterior(difference > 0 ? Math.min(x, vertex) : Math.max(x, vertex));
    }

    /** The posterior of every value, as it is or kept from falling. */
    public double[] posteriors(float[] x, boolean rising) {
        double[] p = new double[x.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = rising ? risingPosterior(x[i]) : posterior(x[i]);
        }
        return p;
    }

    /** E-step: writes each value's share in component 1 and returns the mean log-likelihood. */
    private static double expect(double[] x, double[] share, double[] w, double[] m, double[] v) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double lower = logJoint(x[i], w[0], m[0], v[0]);
            double upper = logJoint(x[i], w[1], m[1], v[1]);
            // log(e^a + e^b) = max + log(1 + e^-|a-b|), and the same exponential gives the share: one exp per value
            double small = Math.exp(-Math.abs(upper - lower));
            sum += Math.max(lower, upper) + Math.log(1 + small);
            share[i] = (upper >= lower ? 1 : small) / (1 + small);
        }
        return sum / x.length;
    }

    /** M-step: weights, means and variances from each value's share in component 1. */
    private static void maximise(double[] x, double[] share, double[] w, double[] m, double[] v) {
        double count0 = COUNT_FLOOR;
        double count1 = COUNT_FLOOR;
        double sum0 = 0;
        double sum1 = 0;
        for (int i = 0; i < x.length; i++) {
            count0 += 1 - share[i];
            count1 += share[i];
            sum0 += (1 - share[i]) * x[i];
            sum1 += share[i] * x[i];
        }
        double mean0 = sum0 / count0;
        double mean1 = sum1 / count1;
        double square0 = 0;
        double square1 = 0;
        for (int i = 0; i < x.length; i++) {
            square0 += (1 - share[i]) * (x[i] - mean0) * (x[i] - mean0);
            square1 += share[i] * (x[i] - mean1) * (x[i] - mean1);
        }
        w[0] = count0 / (count0 + count1);
        w[1] = count1 / (count0 + count1);
        m[0] = mean0;
        m[1] = mean1;
        v[0] = square0 / count0 + VARIANCE_FLOOR;
        v[1] = square1 / count1 + VARIANCE_FLOOR;
    }

    private static double logJoint(double x, double weight, double mean, double variance) {
        double d = x - mean;
        return Math.log(weight) - 0.5 * (LOG_TWO_PI + Math.log(variance) + d * d / variance);
    }

    /**
     * 2-means in one dimension is a cut of the sorted values: the smallest value of the upper cluster of the best cut.
     */
    private static double firstOfUpperCluster(double[] sorted) {
        int n = sorted.length;
        double mean = mean(sorted);
        double best = Double.NEGATIVE_INFINITY;
        int cut = 0;
        double sum = 0;
        for (int k = 1; k < n; k++) {
            sum += sorted[k - 1] - mean;
            // squares between the clusters; largest where the squares within them are least
            double between = sum * sum * (1.0 / k + 1.0 / (n - k));
            if (sorted[k - 1] < sorted[k] && between > best) {
                best = between;
                cut = k;
            }
        }
        return sorted[cut];
    }

    private static GaussianMixture single(double[] x) {
        double bic = bicOfOne(x);
        return new GaussianMixture(
                new double[] {1, 0},
                new double[] {x[0], x[0]},
                new double[] {VARIANCE_FLOOR, VARIANCE_FLOOR},
                0,
                true,
                new double[0],
                bic,
                bic + 3 * Math.log(x.length));
    }

    private static double bicOfOne(double[] x) {
        double mean = mean(x);
        double squares = 0;
        for (double value : x) {
            squares += (value - mean) * (value - mean);
        }
        double variance = squares / x.length + VARIANCE_FLOOR;
        double likelihood = -0.5 * (LOG_TWO_PI + Math.log(variance) + squares / x.length / variance);
        return bic(likelihood, x.length, 2);
    }

    /** {@code -2 N l + k ln N}. */
    private static double bic(double meanLogLikelihood, int n, int parameters) {
        return -2 * n * meanLogLikelihood + parameters * Math.log(n);
    }

    private static double mean(double[] x) {
        double sum = 0;
        for (double value : x) {
            sum += value;
        }
        return sum / x.length;
    }

    private static void swap(double[] pair) {
        double first = pair[0];
        pair[0] = pair[1];
        pair[1] = first;
    }

    private static double[] widen(float[] x) {
        double[] wide = new double[x.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = x[i];
        }
        return wide;
    }

    private static double[] responsibilities(double[] x, boolean[] upper) {
        if (upper.length != x.length) {
            throw new IllegalArgumentException(
                    "mixture: " + x.length + " values but " + upper.length + " start labels; give one label a value");
        }
        double[] share = new double[x.length];
        int count = 0;
        for (int i = 0; i < x.length; i++) {
            if (upper[i]) {
                share[i] = 1;
                count++;
            }
        }
        if (count == 0 || count == x.length) {
            throw new IllegalArgumentException(
                    "mixture: all " + x.length + " values start in one component; each of the two needs at least one");
        }
        return share;
    }

    private static void requireValues(double[] x) {
        if (x.length < 2) {
            throw new IllegalArgumentException(
                    "mixture: two components need at least 2 similarities, got " + x.length + "; give more pairs");
        }
        for (int i = 0; i < x.length; i++) {
            // written so that NaN is refused too
            if (!(Math.abs(x[i]) <= LARGEST)) {
                throw new IllegalArgumentException("mixture: similarity " + i + " is " + x[i]
                        + ", expected a finite number; look for diverged training (lower the learning rate)");
            }
        }
    }
}
