package org.safeclip.selection;

import java.util.Arrays;

/**
 * Two Gaussians fitted to the similarities of all pairs by expectation-maximisation: the probability of the component of larger
 * mean says how probably a pair is honest (SafeCLIP, ICML 2024).
 *
 * <p>{@code p(x) = w0 N(x; m0, v0) + w1 N(x; m1, v1)}, components ordered so that {@code m0 <= m1}. The order of steps
 * and the constants are those of scikit-learn's {@code GaussianMixture}: M-step on hard 2-means labels, then E-step,
 * M-step, until the mean log-likelihood changes by less than the tolerance. The tolerance is part of the method, not a
 * detail of the arithmetic: a unimodal histogram keeps about 13 % of its samples above 0.9 at 1e-3 and under 1 % at
 * 1e-6.
 *
 * <p>Values that are all equal cannot be split. k-means then gives them all to one component; the other one is empty, with
 * mean 0, variance 1e-6 and a weight that is a rounding error. So equal values above 0 have posterior 1, equal values
 * below 0 have posterior 0. At 0 the means are equal, and the component that holds the values counts as the larger one.
 *
 * @param weights mixing weights {w0, w1}
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
        double boundary = TwoMeans.boundary(x);
        MixtureEStep eStep = new MixtureEStep();
        double[] weights = new double[2];
        double[] means = {boundary, boundary}; // the sums are taken from there
        double[] variances = new double[2];
        if (Double.isNaN(boundary)) {
            start(x, new boolean[x.length], weights, means, variances); // all equal: one component gets none
        } else {
            eStep.cut(x, boundary);
            maximise(eStep, weights, means, variances);
        }
        return from(x, weights, means, variances, eStep, tolerance, maxIterations);
    }

    /**
     * Fits from given hard labels.
     *
     * @param upper which values start in the second component; both components must hold at least one
     * @param maxIterations at most this many E-steps; 0 returns the start itself
     */
    public static GaussianMixture fitFrom(double[] x, boolean[] upper, double tolerance, int maxIterations) {
        requireValues(x);
        requireBoth(x, upper);
        double[] weights = new double[2];
        double[] means = new double[2];
        double[] variances = new double[2];
        start(x, upper, weights, means, variances);
        return from(x, weights, means, variances, new MixtureEStep(), tolerance, maxIterations);
    }

    private static GaussianMixture from(
            double[] x,
            double[] weights,
            double[] means,
            double[] variances,
            MixtureEStep eStep,
            double tolerance,
            int maxIterations) {
        double[] trace = new double[maxIterations];
        double previous = Double.NEGATIVE_INFINITY;
        int iterations = 0;
        boolean converged = false;
        while (iterations < maxIterations && !converged) {
            eStep.set(weights, means, variances);
            eStep.pass(x);
            double likelihood = eStep.logLikelihood() / x.length;
            maximise(eStep, weights, means, variances);
            trace[iterations++] = likelihood;
            converged = Math.abs(likelihood - previous) < tolerance;
            previous = likelihood;
        }
        if (means[0] >= means[1]) { // of equal means the first is the larger one, as in NumPy's argmax
            swap(weights);
            swap(means);
            swap(variances);
        }
        eStep.set(weights, means, variances);
        eStep.pass(x);
        return new GaussianMixture(
                weights,
                means,
                variances,
                iterations,
                converged,
                Arrays.copyOf(trace, iterations),
                bicOfOne(x),
                bic(eStep.logLikelihood() / x.length, x.length, 5));
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
     * its vertex the *wider* component wins again: the posterior of the most similar pairs would fall, or that of the
     * least similar rise. Beyond the vertex, which never lies between the means, the value at the vertex is kept.
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

    /** M-step from hard labels. */
    private static void start(double[] x, boolean[] upper, double[] w, double[] m, double[] v) {
        double count1 = 0;
        double sum = 0;
        double sum1 = 0;
        for (int i = 0; i < x.length; i++) {
            double share = upper[i] ? 1 : 0;
            count1 += share;
            sum += x[i];
            sum1 += share * x[i];
        }
        double count0 = x.length - count1 + COUNT_FLOOR;
        count1 += COUNT_FLOOR;
        m[0] = (sum - sum1) / count0;
        m[1] = sum1 / count1;
        double square0 = 0;
        double square1 = 0;
        for (int i = 0; i < x.length; i++) {
            double share = upper[i] ? 1 : 0;
            square0 += (1 - share) * (x[i] - m[0]) * (x[i] - m[0]);
            square1 += share * (x[i] - m[1]) * (x[i] - m[1]);
        }
        weigh(count0, count1, w);
        v[0] = square0 / count0 + VARIANCE_FLOOR;
        v[1] = square1 / count1 + VARIANCE_FLOOR;
    }

    /** M-step from the sums of an E-step, which are taken from its means. */
    private static void maximise(MixtureEStep eStep, double[] w, double[] m, double[] v) {
        for (int k = 0; k < 2; k++) {
            double count = eStep.count(k) + COUNT_FLOOR;
            double mean = (eStep.offsets(k) + m[k] * eStep.count(k)) / count;
            double move = mean - m[k];
            // Σ r (x - mean)², with x - mean = (x - m) - move
            double squares = eStep.squares(k) - 2 * move * eStep.offsets(k) + move * move * eStep.count(k);
            m[k] = mean;
            v[k] = Math.max(squares, 0) / count + VARIANCE_FLOOR;
        }
        weigh(eStep.count(0) + COUNT_FLOOR, eStep.count(1) + COUNT_FLOOR, w);
    }

    private static void weigh(double count0, double count1, double[] w) {
        w[0] = count0 / (count0 + count1);
        w[1] = count1 / (count0 + count1);
    }

    private static double logJoint(double x, double weight, double mean, double variance) {
        double d = x - mean;
        return Math.log(weight) - 0.5 * (LOG_TWO_PI + Math.log(variance) + d * d / variance);
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

    private static void requireBoth(double[] x, boolean[] upper) {
        if (upper.length != x.length) {
            throw new IllegalArgumentException(
                    "mixture: " + x.length + " values but " + upper.length + " start labels; give one label a value");
        }
        int count = 0;
        for (boolean label : upper) {
            count += label ? 1 : 0;
        }
        if (count == 0 || count == x.length) {
            throw new IllegalArgumentException(
                    "mixture: all " + x.length + " values start in one component; each of the two needs at least one");
        }
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
