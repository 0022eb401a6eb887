package org.safeclip.experiments.grid;

import java.util.List;
import org.apache.commons.statistics.interval.NormalConfidenceInterval;
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
        double variance = seeds.stream()
                        .mapToDouble(seed -> (seed.rate() - mean) * (seed.rate() - mean))
                        .sum()
                / (n - 1);
        var ofMean = NormalConfidenceInterval.MEAN.fromErrorRate(mean, variance, n, 1 - Interval.LEVEL);
        double low = Math.min(ofMean.getLowerBound(), counted.low());
        double high = Math.max(ofMean.getUpperBound(), counted.high());
        return new SeedStatistics(mean, Math.max(0, low), Math.min(1, high), hits, trials);
    }

    /** The statistics as text, such as "79.2 % [55.4–100.0] (38 of 48)". */
    String text() {
        String interval = " [" + Numbers.fixed(100 * low, 1) + "–" + Numbers.fixed(100 * high, 1) + "]";
        return Numbers.percent(mean) + interval + " (" + Numbers.count(hits) + " of " + Numbers.count(trials) + ")";
    }
}
