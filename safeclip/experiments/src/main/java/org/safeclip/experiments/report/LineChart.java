package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A line chart over epochs or steps, one line per series. Lines differ in dashes and markers as well as in colour.
 *
 * @param title title of the chart
 * @param description text alternative for screen readers
 * @param across label of the horizontal axis
 * @param series the lines
 * @param fromZero whether the vertical axis starts at zero
 * @param marks vertical lines with labels on the horizontal axis
 */
record LineChart(
        String title, String description, String across, List<Series> series, boolean fromZero, List<Mark> marks) {

    private static final double WIDTH = 460;
    private static final double HEIGHT = 262;
    private static final double LEFT = 50;
    private static final double TOP = 42;
    private static final double BOTTOM = 218;

    private static final int TICKS = 5;

    /** Lines with more points have no markers. */
    private static final int MARKED = 60;

    /**
     * A line.
     *
     * @param name name in the legend
     * @param style class in the style sheet
     * @param points points from left to right
     */
    record Series(String name, String style, List<Point> points) {}

    /**
     * A point of a line with the range of the values that it summarises.
     *
     * @param low smallest of these values
     * @param high largest of these values
     */
    record Point(double x, double y, double low, double high) {
        static Point of(double x, double y) {
            return new Point(x, y, y, y);
        }
    }

    /** A labelled position on the horizontal axis. */
    record Mark(double x, String name) {}

    /** The chart as a figure element. */
    Html figure() {
        SvgChart chart = new SvgChart(title, description, WIDTH, HEIGHT);
        Axis x = new Axis(least(true), largest(true), LEFT, WIDTH - 12);
        double bottom = fromZero ? 0 : least(false);
        double margin = fromZero ? 0 : 0.04 * (largest(false) - bottom);
        Axis y = new Axis(bottom - margin, largest(false) + margin, BOTTOM, TOP).roundedUp(TICKS);
        chart.verticalAxis(x, y, TICKS);
        mark(chart, x);
        for (Series line : series) {
            draw(chart, x, y, line);
        }
        chart.horizontalAxis(x, y, Math.clamp((long) (x.high() - x.low()), 1, 6), across); // whole epochs or steps
        legend(chart);
        return Html.of("figure").add(Html.of("figcaption", title), chart.svg());
    }

    /** Lines at the marks. A name that would overlap the one before stands a line lower; where that is taken too, to the right of it. */
    private void mark(SvgChart chart, Axis x) {
        double upper = Double.NEGATIVE_INFINITY;
        double lower = Double.NEGATIVE_INFINITY;
        for (Mark mark : marks) {
            double at = x.at(mark.x()) + 3;
            double width = 9 * mark.name().length(); // bold
            chart.line("mark", at - 3, TOP - 6, at - 3, BOTTOM);
            if (at < upper && at >= lower) {
                chart.text("label", "start", at, TOP + 12, mark.name());
                lower = at + width;
            } else {
                double free = Math.max(at, upper);
                chart.text("label", "start", free, TOP - 1, mark.name());
                upper = free + width;
            }
        }
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
            } else {
                band(chart, line, upper, lower);
            }
        }
        band(chart, line, upper, lower);
        chart.curve("line " + line.style(), curve);
        if (curve.size() <= MARKED) {
            for (double[] p : curve) {
                if (Double.isFinite(p[1])) {
                    point(chart, line, p[0], p[1]);
                }
            }
        }
    }

    /** Draws the range of the points since the last gap, and begins a new one. */
    private static void band(SvgChart chart, Series line, List<double[]> upper, List<double[]> lower) {
        if (upper.size() > 1 && line.points().stream().anyMatch(p -> p.high() > p.low())) {
            List<double[]> around = new ArrayList<>(upper);
            around.addAll(lower.reversed());
            chart.area("band " + line.style(), around);
        }
        upper.clear();
        lower.clear();
    }

    private void legend(SvgChart chart) {
        double at = LEFT;
        for (Series line : series) {
            chart.line("line " + line.style(), at, 14, at + 26, 14);
            if (line.points().size() <= MARKED) {
                point(chart, line, at + 13, 14);
            }
            chart.text("legend", "start", at + 31, 18, line.name());
            at += 54 + 7.2 * line.name().length();
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
