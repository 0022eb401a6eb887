package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Numbers over epochs or steps, one line a series. Lines differ in dashes and marks as well as in colour.
 *
 * @param title what it shows
 * @param description what there is to see, in words, for those who cannot see it
 * @param across what runs across
 * @param series the lines
 * @param fromZero whether the vertical axis starts at zero
 * @param marks places on the horizontal axis worth a line and a word
 */
record LineChart(
        String title, String description, String across, List<Series> series, boolean fromZero, List<Mark> marks) {

    private static final double WIDTH = 460;
    private static final double HEIGHT = 250;
    private static final double LEFT = 42;
    private static final double TOP = 42;
    private static final double BOTTOM = 212;

    private static final int TICKS = 5;

    /** More points than this are a curve and need no marks. */
    private static final int MARKED = 60;

    /**
     * A line.
     *
     * @param name its name in the legend
     * @param style its class in the style sheet
     * @param points its points from left to right
     */
    record Series(String name, String style, List<Point> points) {}

    /**
     * A point of a line.
     *
     * @param low least of the values it stands for
     * @param high largest of the values it stands for
     */
    record Point(double x, double y, double low, double high) {
        static Point of(double x, double y) {
            return new Point(x, y, y, y);
        }
    }

    /** A place on the horizontal axis where something begins. */
    record Mark(double x, String name) {}

    /** The chart as a figure. */
    Html figure() {
        SvgChart chart = new SvgChart(title, description, WIDTH, HEIGHT);
        Axis x = new Axis(least(true), largest(true), LEFT, WIDTH - 12);
        double bottom = fromZero ? 0 : least(false);
        double margin = fromZero ? 0 : 0.04 * (largest(false) - bottom);
        Axis y = new Axis(bottom - margin, largest(false) + margin, BOTTOM, TOP).roundedUp(TICKS);
        chart.verticalAxis(x, y, TICKS);
        double free = Double.NEGATIVE_INFINITY;
        for (Mark mark : marks) {
            double at = x.at(mark.x());
            boolean room = at > free;
            chart.line("mark", at, TOP - 6, at, BOTTOM);
            // a word that would run into the one before stands a line lower
            chart.words("label", "start", at + 3, room ? TOP - 1 : TOP + 12, mark.name());
            free = room ? at + 6.5 * mark.name().length() : Double.NEGATIVE_INFINITY;
        }
        for (Series line : series) {
            draw(chart, x, y, line);
        }
        chart.horizontalAxis(x, y, 6, across);
        legend(chart);
        return Html.of("figure").add(Html.of("figcaption", title), chart.svg());
    }

    private static void draw(SvgChart chart, Axis x, Axis y, Series line) {
        List<double[]> curve = new ArrayList<>();
        List<double[]> upper = new ArrayList<>();
        List<double[]> lower = new ArrayList<>();
        for (Point p : line.points()) {
            curve.add(new double[] {x.at(p.x()), y.at(p.y())});
            if (Double.isFinite(p.y())) {
                upper.add(new double[] {x.at(p.x()), y.at(p.high())});
                lower.add(new double[] {x.at(p.x()), y.at(p.low())});
            }
        }
        if (line.points().stream().anyMatch(p -> p.high() > p.low())) {
            upper.addAll(lower.reversed());
            chart.area("band " + line.style(), upper);
        }
        chart.curve("line " + line.style(), curve);
        if (curve.size() <= MARKED) {
            for (double[] p : curve) {
                if (Double.isFinite(p[1])) {
                    point(chart, line, p[0], p[1]);
                }
            }
        }
    }

    private void legend(SvgChart chart) {
        double at = LEFT;
        for (Series line : series) {
            chart.line("line " + line.style(), at, 14, at + 26, 14);
            if (line.points().size() <= MARKED) {
                point(chart, line, at + 13, 14);
            }
            chart.words("legend", "start", at + 31, 18, line.name());
            at += 52 + 6.4 * line.name().length();
        }
    }

    private static void point(SvgChart chart, Series line, double x, double y) {
        if (line.style().equals("clip")) {
            chart.square("point " + line.style(), x, y);
        } else {
            chart.circle("point " + line.style(), x, y);
        }
    }

    private double least(boolean across) {
        return series.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(p -> across ? p.x() : p.low())
                .filter(Double::isFinite)
                .min()
                .orElse(0);
    }

    private double largest(boolean across) {
        return series.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(p -> across ? p.x() : p.high())
                .filter(Double::isFinite)
                .max()
                .orElse(1);
    }
}
