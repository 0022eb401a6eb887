package org.safeclip.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers between two bounds; infinity and NaN are never among them.
 *
 * @param least lower bound, −∞ for none
 * @param most upper bound, ∞ for none
 * @param aboveLeast whether the lower bound itself is excluded
 * @param belowMost whether the upper bound itself is excluded
 */
public record Range(double least, double most, boolean aboveLeast, boolean belowMost) {
    private static final Pattern NOTATION = Pattern.compile("([(\\[])([^,]*), ?([^,]*)([)\\]])");

    /** A range in mathematical notation: {@code "(0, 1]"} is above 0, at most 1; {@code "[0, )"} has no upper bound. */
    public static Range parse(String notation) {
        Matcher parts = NOTATION.matcher(notation);
        if (!parts.matches()) {
            throw new IllegalArgumentException("range \"" + notation + "\": expected a notation such as \"(0, 1]\"");
        }
        return new Range(
                parts.group(2).isEmpty() ? Double.NEGATIVE_INFINITY : Double.parseDouble(parts.group(2)),
                parts.group(3).isEmpty() ? Double.POSITIVE_INFINITY : Double.parseDouble(parts.group(3)),
                parts.group(1).equals("("),
                parts.group(4).equals(")"));
    }

    /** Whether a number is in the range. */
    public boolean contains(double value) {
        return Double.isFinite(value)
                && (aboveLeast ? value > least : value >= least)
                && (belowMost ? value < most : value <= most);
    }

    /** The range in words, such as "above 0, at most 1"; "a number" where it has no bound. */
    @Override
    public String toString() {
        String low = least == Double.NEGATIVE_INFINITY ? "" : (aboveLeast ? "above " : "at least ") + number(least);
        String high = most == Double.POSITIVE_INFINITY ? "" : (belowMost ? "below " : "at most ") + number(most);
        String both = low + (low.isEmpty() || high.isEmpty() ? "" : ", ") + high;
        return both.isEmpty() ? "a number" : both;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
