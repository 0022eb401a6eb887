package org.safeclip.experiments.eval;

import java.util.Locale;

/**
 * A rate with its exact (Clopper-Pearson) confidence interval: 0 hits in 16 trials do not prove a rate of 0 %, because the
 * interval reaches 20.6 %.
 *
 * @param hits number of successes
 * @param trials number of trials
 * @param rate hits / trials
 * @param low lower end of the interval
 * @param high upper end of the interval
 */
public record Interval(int hits, int trials, double rate, double low, double high) {
    /** Confidence level of the intervals in this program. */
    public static final double LEVEL = 0.95;

    private static final double EPSILON = 1e-16;

    /** Keeps the continued fraction from dividing by zero. */
    private static final double TINY = 1e-300;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException unless {@code 0 <= low <= rate <= high <= 1}
     */
    public Interval {
        // this form also refuses NaN
        if (!(0 <= low && low <= rate && rate <= high && high <= 1)) {
            throw new IllegalArgumentException("interval: rate " + rate + " from " + low + " to " + high
                    + ", expected 0 <= low <= rate <= high <= 1");
        }
    }

    /**
     * The two-sided interval that contains the true rate with at least the given probability. At its low end, the probability of
     * as many hits or more is (1 − level)/2; at its high end, that of as many or fewer.
     *
     * @throws IllegalArgumentException if there are no trials, hits is not 0 to trials, or level not in (0, 1)
     */
    public static Interval clopperPearson(int hits, int trials, double level) {
        if (trials < 1 || hits < 0 || hits > trials) {
            throw new IllegalArgumentException("interval: " + hits + " hits of " + trials
                    + " trials; expected 0 <= hits <= trials and trials >= 1");
        }
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("interval: level " + level + ", expected between 0 and 1, such as 0.95");
        }
        double tail = (1 - level) / 2;
        double low = hits == 0 ? 0 : quantile(tail, hits, trials - hits + 1.0);
        // the upper quantile of Beta(a, b) is one minus the lower one of Beta(b, a), which is more accurate
        double high = hits == trials ? 1 : 1 - quantile(tail, trials - hits, hits + 1.0);
        return new Interval(hits, trials, (double) hits / trials, low, high);
    }

    /** The rate with its numerator, denominator and interval, such as {@code 6.3 % (1 of 16, 0.2-30.2 %)}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%.1f %% (%d of %d, %.1f-%.1f %%)", 100 * rate, hits, trials, 100 * low, 100 * high);
    }

    /** The x where I_x(a, b) equals a probability, by bisection, since the function increases with x. */
    private static double quantile(double probability, double a, double b) {
        double low = 0;
        double high = 1;
        double middle = 0.5;
        while (low < middle && middle < high) {
            if (incompleteBeta(middle, a, b) < probability) {
                low = middle;
            } else {
                high = middle;
            }
            middle = (low + high) / 2;
        }
        return middle;
    }

    /**
     * Regularised incomplete beta function I_x(a, b) = x^a (1-x)^b / (a B(a, b)) · 1/(1 + d1/(1 + d2/(1 + ...))), with
     * d_{2m+1} = -(a+m)(a+b+m)x / ((a+2m)(a+2m+1)) and d_{2m} = m(b-m)x / ((a+2m-1)(a+2m)).
     */
    static double incompleteBeta(double x, double a, double b) {
        if (x <= 0 || x >= 1) {
            return x <= 0 ? 0 : 1;
        }
        // the fraction converges fast only left of the mean; use the symmetry right of it
        if (x > (a + 1) / (a + b + 2)) {
            return 1 - incompleteBeta(1 - x, b, a);
        }
        double factor = Math.exp(
                a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a));
        // evaluated from the front as a product of ratios of successive convergents (Lentz)
        double numerators = 1;
        double denominators = 0;
        double fraction = 1;
        for (int i = 0; i < 100_000; i++) {
            int m = i / 2;
            double d;
            if (i == 0) {
                d = 1;
            } else if (i % 2 == 0) {
                d = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            } else {
                d = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            }
            denominators = 1 / away(1 + d * denominators);
            numerators = away(1 + d / numerators);
            double ratio = numerators * denominators;
            fraction *= ratio;
            if (Math.abs(ratio - 1) < EPSILON) {
                break;
            }
        }
        // the loop computed 1 + 1/(...); remove the leading 1
        return factor * (fraction - 1);
    }

    private static double away(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }

    /** ln Γ(x) for x > 0: Stirling's series, after the recurrence has raised x to a value where four terms suffice. */
    private static double logGamma(double x) {
        double shift = 0;
        double y = x;
        while (y < 16) {
            shift += Math.log(y);
            y++;
        }
        double inverse = 1 / y;
        double square = inverse * inverse;
        double series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)));
        return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift;
    }
}
