package org.safeclip.experiments.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import org.safeclip.experiments.eval.Interval;

/** Formats numbers for readers, independent of the locale; NaN and infinity become a dash. */
public final class Numbers {
    /** Text for a missing number. */
    public static final String NONE = "–";

    private static final MathContext THREE_DIGITS = new MathContext(3);

    private Numbers() {}

    /** A share from 0 to 1 as a percentage with one decimal. */
    public static String percent(double share) {
        return Double.isFinite(share) ? fixed(100 * share, 1) + " %" : NONE;
    }

    /** A number with the given number of decimals. */
    public static String fixed(double value, int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + decimals + "f", value) : NONE;
    }

    /** A number with three significant digits. */
    public static String rough(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value).round(THREE_DIGITS).toPlainString()
                : NONE;
    }

    /** A count with thousands separators. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A count with its noun, such as "1 pair" or "8,074 pairs". */
    public static String count(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }

    /** A rate with its interval and counts, such as "93.8 % [69.8–99.8] (15 of 16)". */
    public static String rate(Interval interval) {
        return percent(interval.rate()) + " [" + fixed(100 * interval.low(), 1) + "–" + fixed(100 * interval.high(), 1)
                + "] (" + hits(interval) + ")";
    }

    /** The counts of a rate, such as "15 of 16". */
    public static String hits(Interval interval) {
        return count(interval.hits()) + " of " + count(interval.trials());
    }

    /** A coordinate with at most two decimals, which is enough for any screen, in its shortest form. */
    public static String coordinate(double value) {
        return new BigDecimal(value)
                .setScale(2, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }
}
