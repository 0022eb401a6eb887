package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Formats rows of cells as a table. The first row has the headings; the first column is left-aligned, the others right-aligned.
 */
public final class TextTable {
    private TextTable() {}

    /** The table as text for a terminal, ASCII only, ending with a line feed. */
    public static String text(List<List<String>> lines) {
        int[] widths = widths(lines);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            out.append(line(lines.get(i), widths, "  ").stripTrailing()).append('\n');
            if (i == 0) {
                out.append(line(rule(widths), widths, "  ")).append('\n');
            }
        }
        // some terminals only support ASCII
        return out.toString().replace('–', '-');
    }

    /** The table as text for a terminal with all columns left-aligned, ending with a line feed. */
    public static String leftAligned(List<List<String>> lines) {
        int[] widths = widths(lines);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            out.append(left(lines.get(i), widths)).append('\n');
            if (i == 0) {
                out.append(left(rule(widths), widths)).append('\n');
            }
        }
        return out.toString().replace('–', '-');
    }

    private static String left(List<String> cells, int[] widths) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            out.append(i == 0 ? "" : "  ")
                    .append(cells.get(i))
                    .append(" ".repeat(widths[i] - cells.get(i).length()));
        }
        return out.toString().stripTrailing();
    }

    /** The table as Markdown. */
    public static String markdown(List<List<String>> lines) {
        int[] widths = widths(lines);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            out.append("| ").append(line(lines.get(i), widths, " | ")).append(" |\n");
            if (i == 0) {
                // a colon at the right of the rule right-aligns the column
                out.append(rule(widths).stream()
                        .map(dashes -> dashes + "-:|")
                        .collect(Collectors.joining("", "|", "\n"))
                        .replaceFirst("-:\\|", "--|"));
            }
        }
        return out.toString();
    }

    /** The table as HTML; every cell has its heading with it, for screens too narrow for columns. */
    static Html html(List<List<String>> lines) {
        List<String> headings = lines.getFirst();
        Html head = Html.of("tr");
        headings.forEach(name -> head.add(Html.of("th", name).with("scope", "col")));
        Html body = Html.of("tbody");
        for (List<String> cells : lines.subList(1, lines.size())) {
            Html row = Html.of("tr").add(Html.of("th", cells.getFirst()).with("scope", "row"));
            for (int i = 1; i < cells.size(); i++) {
                row.add(Html.of("td", cells.get(i)).with("data-label", headings.get(i)));
            }
            body.add(row);
        }
        return Html.of("table").add(Html.of("thead").add(head), body);
    }

    private static int[] widths(List<List<String>> lines) {
        int[] widths = new int[lines.getFirst().size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        return widths;
    }

    private static List<String> rule(int[] widths) {
        List<String> dashes = new ArrayList<>();
        for (int width : widths) {
            dashes.add("-".repeat(width));
        }
        return dashes;
    }

    private static String line(List<String> cells, int[] widths, String between) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            String pad = " ".repeat(widths[i] - cell.length());
            out.append(i == 0 ? cell + pad : between + pad + cell);
        }
        return out.toString();
    }
}
