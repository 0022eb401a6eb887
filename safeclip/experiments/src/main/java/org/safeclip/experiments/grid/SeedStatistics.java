package org.safeclip.experiments.grid;

import java.util.List;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.report.Numbers;

/**
 * A rate over several seeds: mean, 95 % interval and summed counts. The interval is that of the mean by Student's t, which
 * assumes normally distributed seeds, but at least as wide as the exact (Clopper-Pearson) interval of the summed counts, because
 * three seeds without a hit do not prove a rate of 0. With one seed it is the exact interval.
 *
 * @param mean mean of the seeds' rates
 * @param low lower end of the interval
 * @param high upper end of the interval
 * @param hits hits, summed over the seeds
 * @param trials trials, summed over the seeds
 */
public record SeedStatistics(double mean, double low, double high, int hits, int trials) {
    /** 97.5 % quantiles of Student's t for 1, 2, ... degrees of freedom. */
    private static final double[] T = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086
    };

    private static final double T_OF_MANY = 2.086;

    /** Statistics of one rate per seed, at least one. */
    static SeedStatistics of(List<Interval> seeds) {
        double mean = seeds.stream().mapToDouble(Interval::rate).average().orElseThrow();
        int hits = seeds.stream().mapToInt(Interval::hits).sum();
        int trials = seeds.stream().mapToInt(Interval::trials).sum();
        Interval counted = Interval.clopperPearson(hits, trials, Interval.LEVEL);
        int n = seeds.size();
        if (n < 2) {
            return new SeedStatistics(mean, counted.low(), counted.high(), hits, trials);
        }
        double squares = seeds.stream()
                .mapToDouble(seed -> (seed.rate() - mean) * (seed.rate() - mean))
                .sum();
        double half = (n - 2 < T.length ? T[n - 2] : T_OF_MANY) * Math.sqrt(squares / (n - 1) / n);
        double low = Math.min(mean - half, counted.low());
        double high = Math.max(mean + half, counted.high());
        return new SeedStatistics(mean, Math.max(0, low), Math.min(1, high), hits, trials);
    }

    /** The statistics as text, such as "79.2 % [55.4–100.0] (38 of 48)". */
    String text() {
        String interval = " [" + Numbers.fixed(100 * low, 1) + "–" + Numbers.fixed(100 * high, 1) + "]";
        return Numbers.percent(mean) + interval + " (" + Numbers.count(hits) + " of " + Numbers.count(trials) + ")";
    }
}
