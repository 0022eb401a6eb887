package org.safeclip.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * The time that two ways of doing one job take, measured in turns: what slows the machine slows both, so the ratio means
 * something where the times do not.
 *
 * @param ours median nanoseconds of our way
 * @param theirs median nanoseconds of the other
 * @param ratio median over the rounds of theirs / ours; above 1 we are faster
 */
public record PairedBenchmark(double ours, double theirs, double ratio) {
    /** One who does the job once and tells the nanoseconds it took. */
    @FunctionalInterface
    public interface Timer {
        /** Does the job. */
        double nanos();
    }

    /** So many rounds, after so many that do not count; who begins changes from round to round. */
    public static PairedBenchmark of(int warmUp, int rounds, Timer ours, Timer theirs) {
        double[] our = new double[rounds];
        double[] their = new double[rounds];
        double[] ratios = new double[rounds];
        for (int i = -warmUp; i < rounds; i++) {
            int at = Math.max(i, 0);
            if (i % 2 == 0) {
                our[at] = ours.nanos();
                their[at] = theirs.nanos();
            } else {
                their[at] = theirs.nanos();
                our[at] = ours.nanos();
            }
            ratios[at] = their[at] / our[at];
        }
        return new PairedBenchmark(median(our), median(their), median(ratios));
    }

    /** The line of a case: {@code FAMILY/case  ours  peer  ratio}, both sides as rates of so much work a nanosecond. */
    public String line(String name, double work) {
        return line(name, work / ours, work / theirs, ratio);
    }

    /** The line of a case, both sides as times in seconds. */
    public String seconds(String name) {
        return line(name, ours / 1e9, theirs / 1e9, ratio);
    }

    private static String line(String name, double ours, double theirs, double ratio) {
        return String.format(Locale.ROOT, "%-44s %10s %10s %7.2f", name, digits(ours), digits(theirs), ratio);
    }

    private static String digits(double value) {
        int decimals = Math.clamp((long) (3 - Math.ceil(Math.log10(Math.max(value, 1e-9)))), 0, 9);
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** The middle one, or the mean of the two in the middle. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
