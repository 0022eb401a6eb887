package org.safeclip.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The table of a result: one row a method, for a terminal, a Markdown file or a page. */
public final class ResultTable {
    static final List<String> HEADINGS = List.of(
            "Method",
            "Zero-shot top-1",
            "top-5",
            "Kinds top-1",
            "Attack success [95 %]",
            "Poisons in safe set",
            "Seconds");

    private ResultTable() {}

    /** Aligned columns, ending with a line feed. */
    public static String text(Result result) {
        List<List<String>> lines = lines(result);
        int[] widths = widths(lines);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            out.append(line(lines.get(i), widths, "  ").stripTrailing()).append('\n');
            if (i == 0) {
                out.append(line(rule(widths), widths, "  ")).append('\n');
            }
        }
        // a terminal may know no other letters than those of ASCII
        return out.toString().replace('–', '-');
    }

    /** The same as a Markdown table. */
    public static String markdown(Result result) {
        List<List<String>> lines = lines(result);
        int[] widths = widths(lines);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            out.append("| ").append(line(lines.get(i), widths, " | ")).append(" |\n");
            if (i == 0) {
                // a colon to the right of the rule aligns a column of numbers
                out.append(rule(widths).stream()
                        .map(dashes -> dashes + "-:|")
                        .collect(Collectors.joining("", "|", "\n"))
                        .replaceFirst("-:\\|", "--|"));
            }
        }
        return out.toString();
    }

    /** The cells of the table, one row a method, in the order of {@link #HEADINGS}. */
    static List<List<String>> rows(Result result) {
        return result.runs().stream().map(run -> cells(run, result.poisons())).toList();
    }

    /** A method's name as the paper writes it. */
    static String title(String method) {
        return switch (method) {
            case "clip" -> "CLIP";
            case "clip-plain" -> "CLIP, no augmentation";
            case "clip-dedup" -> "CLIP, duplicates dropped";
            case "roclip" -> "RoCLIP";
            case "cleanclip" -> "CleanCLIP (after the fact)";
            case "safeclip" -> "SafeCLIP";
            default -> method;
        };
    }

    private static List<String> cells(Result.Run run, int poisons) {
        return List.of(
                title(run.method()),
                Numbers.percent(run.zeroShotTop1()),
                Numbers.percent(run.zeroShotTop5()),
                Numbers.percent(run.kindTop1()),
                Numbers.rate(run.attackSuccess()),
                run.safeSet().isEmpty()
                        ? "–"
                        : Numbers.count(run.safeSet().getLast().poisons()) + " of " + Numbers.count(poisons),
                Numbers.fixed(run.seconds(), 0));
    }

    private static List<List<String>> lines(Result result) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEADINGS);
        lines.addAll(rows(result));
        return lines;
    }

    private static int[] widths(List<List<String>> lines) {
        int[] widths = new int[HEADINGS.size()];
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

    /** Names to the left, numbers to the right. */
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
