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

    /** The table as HTML. */
    static Html html(List<List<String>> lines) {
        Html head = Html.of("tr");
        lines.getFirst().forEach(name -> head.add(Html.of("th", name).with("scope", "col")));
        Html body = Html.of("tbody");
        for (List<String> cells : lines.subList(1, lines.size())) {
            Html row = Html.of("tr").add(Html.of("th", cells.getFirst()).with("scope", "row"));
            cells.subList(1, cells.size()).forEach(cell -> row.add(Html.of("td", cell)));
            body.add(row);
        }
        return Html.of("div")
                .with("class", "scroll")
                .add(Html.of("table").add(Html.of("thead").add(head), body));
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
