package org.safeclip.experiments.eval;

import java.util.Locale;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;

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
        var interval = BinomialConfidenceInterval.CLOPPER_PEARSON.fromErrorRate(trials, hits, 1 - level);
        return new Interval(hits, trials, (double) hits / trials, interval.getLowerBound(), interval.getUpperBound());
    }

    /** The rate with its numerator, denominator and interval, such as {@code 6.3 % (1 of 16, 0.2-30.2 %)}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%.1f %% (%d of %d, %.1f-%.1f %%)", 100 * rate, hits, trials, 100 * low, 100 * high);
    }
}
