package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.attack.AttackTestSet;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.report.Numbers;
import org.safeclip.experiments.report.TextTable;
import org.safeclip.experiments.report.Verdict;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.Result;

/**
 * The end of a demo for the terminal: each attacked image, the rates, the verdict, and what to do next.
 *
 * @param result result of all methods
 * @param width columns of the terminal
 */
record RunSummaryText(Result result, int width) {
    /** Longer lists of attacked images are not printed; the report shows a sample. */
    private static final int LISTED = 32;

    private static final int GAP = 2;

    /**
     * Prints it.
     *
     * @param predictions predicted class of each attacked input, by method
     * @param note a remark on the verdict; "" for none
     * @param folder run folder
     */
    void print(Experiment experiment, Map<String, int[]> predictions, String note, Path folder, PrintWriter out) {
        AttackTestSet test = experiment.attackTest();
        if (test.size() <= LISTED) {
            List<String> classes = experiment.coarse().classes().names();
            out.println();
            out.print(Printable.lines(TextTable.leftAligned(attacked(test, classes, predictions))));
            out.println("* what the attacker wants");
        }
        out.println();
        out.print(TextTable.text(rates()));
        Verdict verdict = Verdict.of(result);
        out.println();
        out.println(verdict.label().toUpperCase(java.util.Locale.ROOT));
        for (String part : List.of(verdict.sentence(), verdict.remark(), note)) {
            if (!part.isEmpty()) {
                Wrapped.lines(part, width).forEach(out::println);
            }
        }
        out.println();
        out.println("What next");
        next("look at the report", folder.resolve("report.html").toString(), out);
        next(
                "search by words",
                "bin/safeclip search "
                        + folder.resolve("checkpoint-" + result.runs().getLast().method() + ".safetensors")
                        + " \"red fruit\"",
                out);
        next("compare the models", "bin/safeclip explore " + folder, out);
        next("see the suspects", "bin/safeclip suspects " + folder, out);
        out.flush();
    }

    private void next(String purpose, String command, PrintWriter out) {
        String shown = Printable.text(command);
        int indent = 22;
        if (indent + shown.length() <= width) {
            out.printf("  %-20s%s%n", purpose, shown);
        } else { // a path or command is copied: it is not broken
            out.printf("  %s%n    %s%n", purpose, shown);
        }
    }

    private List<List<String>> attacked(AttackTestSet test, List<String> classes, Map<String, int[]> predictions) {
        int columns = 2 + predictions.size();
        int cell = Math.min(24, (width - GAP * (columns - 1)) / columns);
        List<String> headings = new ArrayList<>(List.of("image", "attacker wants"));
        predictions.keySet().forEach(method -> headings.add(MethodCatalogue.STANDARD.title(method) + " says"));
        List<List<String>> lines = new ArrayList<>();
        lines.add(cut(headings, cell));
        for (int i = 0; i < test.size(); i++) {
            List<String> line = new ArrayList<>(List.of(test.truths().get(i), classes.get(test.wanted()[i])));
            for (int[] predicted : predictions.values()) {
                boolean fooled = predicted[i] == test.wanted()[i];
                line.add((fooled ? "* " : "  ") + classes.get(predicted[i]));
            }
            lines.add(cut(line, cell));
        }
        return lines;
    }

    private static List<String> cut(List<String> cells, int width) {
        return cells.stream()
                .map(cell -> cell.length() <= width ? cell : cell.substring(0, width - 1) + "~")
                .toList();
    }

    private List<List<String>> rates() {
        List<List<String>> lines = new ArrayList<>();
        List<String> headings = new ArrayList<>(List.of(""));
        result.runs().forEach(run -> headings.add(MethodCatalogue.STANDARD.title(run.method())));
        lines.add(headings);
        lines.add(line("attack success", Result.Run::attackSuccess));
        lines.add(line("concepts, top-1", run -> run.scores().fine().top1()));
        lines.add(line("concepts, top-5", run -> run.scores().fine().top5()));
        lines.add(line("kinds, top-1", run -> run.scores().coarse().top1()));
        lines.add(line("linear probe", run -> run.scores().linearProbe()));
        List<String> poisons = new ArrayList<>(List.of("poisons in the safe set"));
        result.runs()
                .forEach(run -> poisons.add(
                        run.safeSet().isEmpty()
                                ? "none kept out"
                                : run.safeSet().getLast().poisons() + " of " + result.poisons()));
        lines.add(poisons);
        List<String> seconds = new ArrayList<>(List.of("time to train"));
        result.runs().forEach(run -> seconds.add(Durations.about(run.seconds())));
        lines.add(seconds);
        return lines;
    }

    private interface Rate {
        @Nullable
        Interval of(Result.Run run);
    }

    private List<String> line(String name, Rate rate) {
        List<String> line = new ArrayList<>(List.of(name));
        for (Result.Run run : result.runs()) {
            Interval interval = rate.of(run);
            line.add(interval == null ? Numbers.NONE : shown(interval));
        }
        return line;
    }

    private String shown(Interval interval) {
        String percent = Numbers.percent(interval.rate());
        return width < 60 ? percent : percent + " (" + Numbers.hits(interval) + ")";
    }
}
