package org.safeclip.experiments.report;

import java.util.List;

/** An SVG drawing with a title for screen readers, axes with ticks, lines, areas and text. */
final class SvgChart {
    /** Distance from the baseline to the middle of a label: the font size is 13 units. */
    private static final double HALF_LETTER = 4;

    private final Html svg;

    SvgChart(String title, String description, double width, double height) {
        svg = Html.of("svg")
                .with("xmlns", "http://www.w3.org/2000/svg")
                .with("viewBox", "0 0 " + Numbers.coordinate(width) + " " + Numbers.coordinate(height))
                .with("role", "img")
                .with("aria-label", title)
                .add(Html.of("title", title), Html.of("desc", description));
    }

    Html svg() {
        return svg;
    }

    /** Draws ticks and labels below the chart. */
    void horizontalAxis(Axis x, Axis y, int ticks, String label) {
        double base = y.from();
        line("axis", x.from(), base, x.to(), base);
        for (double tick : x.ticks(ticks)) {
            line("axis", x.at(tick), base, x.at(tick), base + 4);
            text("tick", "middle", x.at(tick), base + 17, x.label(tick, ticks));
        }
        text("label", "middle", (x.from() + x.to()) / 2, base + 35, label);
    }

    /** Draws ticks on the left and horizontal grid lines. */
    void verticalAxis(Axis x, Axis y, int ticks) {
        for (double tick : y.ticks(ticks)) {
            line("grid", x.from(), y.at(tick), x.to(), y.at(tick));
            text("tick", "end", x.from() - 5, y.at(tick) + HALF_LETTER, y.label(tick, ticks));
        }
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        path(style, "M" + point(x1, y1) + "L" + point(x2, y2));
    }

    void rectangle(String style, double left, double top, double right, double bottom) {
        svg.add(Html.of("rect")
                .with("class", style)
                .with("x", left)
                .with("y", top)
                .with("width", right - left)
                .with("height", bottom - top));
    }

    /** Draws bars of one style as a single path; they start at the start of the axis. */
    void bars(String style, Axis x, Axis y, double[] edges, double[] heights) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < heights.length; i++) {
            if (heights[i] > 0) {
                path.append('M').append(point(x.at(edges[i]), y.from()));
                path.append('V').append(Numbers.coordinate(y.at(heights[i])));
                path.append('H').append(Numbers.coordinate(x.at(edges[i + 1])));
                path.append('V').append(Numbers.coordinate(y.from())).append('Z');
            }
        }
        path(style, path.toString());
    }

    /** Draws a line through points (x, y) in drawing units; it has a gap where a coordinate is NaN. */
    void curve(String style, List<double[]> points) {
        StringBuilder path = new StringBuilder();
        boolean pen = false;
        for (double[] p : points) {
            boolean drawn = Double.isFinite(p[0]) && Double.isFinite(p[1]);
            if (drawn) {
                path.append(pen ? 'L' : 'M').append(point(p[0], p[1]));
            }
            pen = drawn;
        }
        path(style, path.toString());
    }

    /** Draws a closed area around points (x, y) in drawing units. */
    void area(String style, List<double[]> points) {
        StringBuilder path = new StringBuilder();
        for (double[] p : points) {
            path.append(path.isEmpty() ? 'M' : 'L').append(point(p[0], p[1]));
        }
        path(style, path.append('Z').toString());
    }

    void text(String style, String anchor, double x, double y, String text) {
        svg.add(Html.of("text", text)
                .with("class", style)
                .with("text-anchor", anchor)
                .with("x", x)
                .with("y", y));
    }

    void circle(String style, double x, double y) {
        circle(style, x, y, 2.6);
    }

    void circle(String style, double x, double y, double radius) {
        svg.add(Html.of("circle")
                .with("class", style)
                .with("cx", x)
                .with("cy", y)
                .with("r", radius));
    }

    /** A square on its corner. */
    void diamond(String style, double x, double y, double half) {
        path(
                style,
                "M" + point(x, y - half) + "L" + point(x + half, y) + "L" + point(x, y + half) + "L"
                        + point(x - half, y) + "Z");
    }

    void square(String style, double x, double y) {
        rectangle(style, x - 2.2, y - 2.2, x + 2.2, y + 2.2);
    }

    private void path(String style, String path) {
        svg.add(Html.of("path").with("class", style).with("d", path));
    }

    private static String point(double x, double y) {
        return Numbers.coordinate(x) + " " + Numbers.coordinate(y);
    }
}
