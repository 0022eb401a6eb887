package org.safeclip.selection;

import java.util.Arrays;

/**
 * The exact split of many numbers into two clusters of least squares (2-means): in one dimension a cut of the sorted
 * numbers, which needs no seed. It maximises the squares between the clusters, S²·(1/k + 1/(N − k)) with S the sum of the
 * k smallest numbers, taken from the mean.
 *
 * <p>Sorting a million numbers costs more than the mixture that starts from the cut, so they are counted into buckets
 * first. Within a bucket neither S nor k can differ much from its ends: only buckets in which the best cut may lie by
 * that bound are sorted.
 */
final class TwoMeans {
    private static final int BUCKETS = 1 << 13;
    private static final double SLACK = 1 + 1e-9; // of the bound, for rounding

    private final double[] x;
    private final double lowest;
    private final double scale; // buckets a unit
    private final double mean;
    private final int[] counts = new int[BUCKETS];
    private final double[] sums = new double[BUCKETS]; // of x - mean
    private double best = Double.NEGATIVE_INFINITY;
    private double boundary = Double.NaN;

    private TwoMeans(double[] x, double lowest, double highest, double mean) {
        this.x = x;
        this.lowest = lowest;
        this.scale = BUCKETS / (highest - lowest);
        this.mean = mean;
    }

    /** The smallest number of the upper cluster; NaN where all numbers are equal. */
    static double boundary(double[] x) {
        double lowest = x[0];
        double highest = x[0];
        double sum = 0;
        for (double value : x) {
            if (value < lowest) {
                lowest = value;
            } else if (value > highest) {
                highest = value;
            }
            sum += value;
        }
        if (lowest == highest) {
            return Double.NaN;
        }
        TwoMeans split = new TwoMeans(x, lowest, highest, sum / x.length);
        split.count();
        split.cutWithinBuckets(split.cutBetweenBuckets());
        return split.boundary;
    }

    private int bucket(double value) {
        return Math.min(BUCKETS - 1, (int) ((value - lowest) * scale));
    }

    private void count() {
        for (double value : x) {
            int b = bucket(value);
            counts[b]++;
            sums[b] += value - mean;
        }
    }

    private double between(int k, double sum) {
        return sum * sum * (1.0 / k + 1.0 / (x.length - k));
    }

    /** The best of the cuts that split no bucket: the first bucket of the upper cluster. */
    private int cutBetweenBuckets() {
        int k = 0;
        double sum = 0;
        int first = 0;
        for (int b = 0; b < BUCKETS; b++) {
            if (k > 0 && counts[b] > 0 && between(k, sum) > best) {
                best = between(k, sum);
                first = b;
            }
            k += counts[b];
            sum += sums[b];
        }
        return first;
    }

    /** Better cuts within the buckets that may hold one, and the smallest number of the first of the upper cluster. */
    private void cutWithinBuckets(int first) {
        boolean[] open = new boolean[BUCKETS];
        int wanted = 0;
        int k = 0;
        double sum = 0;
        for (int b = 0; b < BUCKETS; b++) {
            open[b] = b == first || (counts[b] > 1 && bound(b, k, sum) * SLACK >= best);
            wanted += open[b] ? counts[b] : 0;
            k += counts[b];
            sum += sums[b];
        }
        double[] some = new double[wanted];
        int found = 0;
        for (double value : x) {
            if (open[bucket(value)]) {
                some[found++] = value;
            }
        }
        Arrays.sort(some);
        int next = 0;
        k = 0;
        sum = 0;
        for (int b = 0; b < BUCKETS; b++) {
            if (open[b]) {
                if (b == first && Double.isNaN(boundary)) {
                    boundary = some[next];
                }
                scan(some, next, next + counts[b], k, sum);
                next += counts[b];
            }
            k += counts[b];
            sum += sums[b];
        }
    }

    /** No cut within the bucket has more squares between the clusters; S falls up to the mean and rises beyond. */
    private double bound(int b, int k, double sum) {
        double width = 1 / scale;
        double dip = Math.abs(lowest + (b + 0.5) * width - mean) <= 2 * width ? 3 * width * counts[b] : 0;
        double most = Math.max(Math.abs(sum), Math.abs(sum + sums[b])) + dip;
        int last = k + counts[b] - 1;
        return Math.max(between(k + 1, most), between(last, most));
    }

    private void scan(double[] sorted, int from, int to, int before, double sumBefore) {
        double sum = sumBefore;
        for (int i = from + 1; i < to; i++) {
            sum += sorted[i - 1] - mean;
            double between = between(before + i - from, sum);
            if (sorted[i - 1] < sorted[i] && between > best) {
                best = between;
                boundary = sorted[i];
            }
        }
    }
}
