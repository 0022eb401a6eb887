package org.safeclip.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * Times of two implementations of one job, measured alternately: load on the machine slows both, so the ratio is
 * meaningful even where the times are not.
 *
 * @param ours median nanoseconds of our implementation
 * @param theirs median nanoseconds of the other
 * @param ratio median over the rounds of theirs / ours; above 1 we are faster
 */
public record PairedBenchmark(double ours, double theirs, double ratio) {
    /** Runs one side's job and measures it. */
    @FunctionalInterface
    public interface Timer {
        /** Runs the job once and returns the nanoseconds it took. */
        double nanos();
    }

    /** Measures {@code rounds} rounds after {@code warmUp} unmeasured ones; the side that starts alternates. */
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

    /** One line of output, {@code name  ours  theirs  ratio}, with both sides as rates: {@code work} per nanosecond. */
    public String line(String name, double work) {
        return line(name, work / ours, work / theirs, ratio);
    }

    /** One line of output, {@code name  ours  theirs  ratio}, with both sides in seconds. */
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

    /** The median: the middle value, or the mean of the two in the middle. */
    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
