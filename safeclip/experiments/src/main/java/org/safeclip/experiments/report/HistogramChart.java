package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.run.SplitEvent;

/**
 * The histogram of the similarities of an epoch: clean pairs above the axis, poisons below it on their own scale because they are
 * few, the safe ones of both in a full colour, both Gaussians over the clean pairs, and the safe range shaded where there is one.
 *
 * <p>Heights are pairs per 0.01 of similarity, so that epochs with different bin widths are comparable; all charts of a row share
 * their scales.
 *
 * @param low left end of the horizontal axis
 * @param high right end of the horizontal axis
 * @param clean upper end of the scale of clean pairs
 * @param poison upper end of the scale of poisons
 */
record HistogramChart(double low, double high, double clean, double poison) {
    private static final double UNIT = 0.01;
    private static final double WIDTH = 300;
    private static final double LEFT = 42;
    private static final double TOP = 14;
    private static final double LINE = 122;
    private static final double BOTTOM = 172;
    /** Room for the numbers of the horizontal axis and its name. */
    private static final double BELOW = 42;

    private static final int CURVE_POINTS = 120;

    /** A chart whose scales fit all splits. */
    static HistogramChart fitting(List<SplitEvent> splits) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double clean = 0;
        double poison = 0;
        for (SplitEvent split : splits) {
            SplitEvent.Histogram counts = split.histogram();
            low = Math.min(low, counts.low());
            high = Math.max(high, counts.high());
            clean = Math.max(clean, largest(density(counts, counts.clean())));
            poison = Math.max(poison, largest(density(counts, counts.poison())));
        }
        return new HistogramChart(low, high, clean, poison);
    }

    /** The chart of one split as a figure element. */
    Html figure(SplitEvent split) {
        boolean masked = split.histogram().poison() != null;
        double floor = masked ? BOTTOM : LINE;
        SvgChart chart = new SvgChart("Similarities of epoch " + split.epoch(), describe(split), WIDTH, floor + BELOW);
        Axis x = new Axis(low, high, LEFT, WIDTH - 8);
        Axis up = new Axis(0, 1.05 * clean, LINE, TOP);
        Axis down = new Axis(0, 1.05 * poison, LINE, BOTTOM);
        if (split.safeBySimilarity()) {
            chart.rectangle("safe-zone", x.at(split.cut()), TOP - 8, x.to(), floor);
        }
        SplitEvent.Histogram counts = split.histogram();
        double[] edges = edges(counts);
        boolean divided = counts.safeClean() != null;
        String risky = divided ? " risky" : "";
        chart.bars("clean" + risky, x, up, edges, density(counts, counts.clean()));
        chart.bars("poison" + risky, x, down, edges, density(counts, counts.poison()));
        chart.bars("clean", x, up, edges, density(counts, counts.safeClean()));
        chart.bars("poison", x, down, edges, density(counts, counts.safePoison()));
        chart.curve("gauss lower", gaussian(split, 0, x, up));
        chart.curve("gauss upper", gaussian(split, 1, x, up));
        if (split.safeBySimilarity()) {
            double cut = x.at(split.cut());
            chart.line("cut", cut, TOP - 8, cut, floor);
            boolean right = cut < WIDTH - 50;
            chart.text("label", right ? "start" : "end", right ? cut + 4 : cut - 4, TOP + 2, right ? "safe →" : "safe");
        }
        scale(chart, up, clean);
        if (masked) {
            scale(chart, down, poison);
        }
        chart.line("axis", x.from(), LINE, x.to(), LINE);
        chart.horizontalAxis(x, new Axis(0, 1, floor, TOP), 5, "similarity");
        return Html.of("figure").add(Html.of("figcaption", caption(split)), chart.svg());
    }

    /** Draws one tick at the largest round number that fits, as the scale. */
    private static void scale(SvgChart chart, Axis axis, double largest) {
        List<Double> ticks = axis.ticks(3);
        double tick = ticks.getLast();
        if (largest > 0 && tick > 0) {
            chart.line("axis", LEFT - 3, axis.at(tick), LEFT, axis.at(tick));
            chart.text("tick", "end", LEFT - 5, axis.at(tick) + 4, axis.label(tick, 3));
        }
    }

    private static String caption(SplitEvent split) {
        String text = "Epoch " + split.epoch() + ": " + Numbers.count(split.size()) + " safe ("
                + Numbers.percent((double) split.size() / split.pairs()) + ")";
        Integer poisons = split.poisons();
        return poisons == null ? text : text + ", " + Numbers.count(poisons, "poison");
    }

    private static String describe(SplitEvent split) {
        return caption(split) + ". Mixture of means " + Numbers.rough(split.means()[0]) + " and "
                + Numbers.rough(split.means()[1])
                + (split.safeBySimilarity()
                        ? "; the safe set starts at similarity " + Numbers.rough(split.cut())
                        : "; safe pairs are found at similarities of " + Numbers.rough(split.cut()) + " and more")
                + ".";
    }

    private static List<double[]> gaussian(SplitEvent split, int component, Axis x, Axis up) {
        List<double[]> points = new ArrayList<>();
        double scale = UNIT * split.pairs();
        for (int i = 0; i <= CURVE_POINTS; i++) {
            double value = x.low() + (x.high() - x.low()) * i / CURVE_POINTS;
            // a very narrow component would leave the drawing
            double height = Math.min(scale * split.density(component, value), up.high());
            points.add(new double[] {x.at(value), up.at(height)});
        }
        return points;
    }

    private static double[] edges(SplitEvent.Histogram counts) {
        int bins = counts.clean().length;
        double[] edges = new double[bins + 1];
        for (int i = 0; i <= bins; i++) {
            edges[i] = counts.low() + (counts.high() - counts.low()) * i / bins;
        }
        return edges;
    }

    private static double[] density(SplitEvent.Histogram counts, int @Nullable [] bins) {
        if (bins == null) {
            return new double[0];
        }
        double width = (counts.high() - counts.low()) / bins.length;
        return Arrays.stream(bins)
                .mapToDouble(count -> width > 0 ? count * UNIT / width : count)
                .toArray();
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).max().orElse(0);
    }
}
