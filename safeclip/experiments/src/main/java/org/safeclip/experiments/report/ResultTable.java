package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.Result;

/** The table of a result, one row per method, as text, Markdown or HTML. */
public final class ResultTable {
    private static final List<String> HEADINGS = List.of(
            "Method",
            "Zero-shot top-1",
            "top-5",
            "Kinds top-1",
            "Linear probe",
            "Attack success [95 %]",
            "Poisons in safe set",
            "Seconds");

    private ResultTable() {}

    /** The table in aligned columns, ending with a line feed. */
    public static String text(Result result) {
        return TextTable.text(lines(result));
    }

    /** The table as Markdown. */
    public static String markdown(Result result) {
        return TextTable.markdown(lines(result));
    }

    private static List<String> cells(Result.Run run, int poisons) {
        return List.of(
                MethodCatalogue.STANDARD.title(run.method()),
                percent(run.scores().fine().top1()),
                percent(run.scores().fine().top5()),
                percent(run.scores().coarse().top1()),
                percent(run.scores().linearProbe()),
                Numbers.rate(run.attackSuccess()),
                run.safeSet().isEmpty()
                        ? "–"
                        : Numbers.count(run.safeSet().getLast().poisons()) + " of " + Numbers.count(poisons),
                Numbers.fixed(run.seconds(), 0));
    }

    private static String percent(@Nullable Interval interval) {
        return interval == null ? Numbers.NONE : Numbers.percent(interval.rate());
    }

    /** The headings, then one row per method. */
    static List<List<String>> lines(Result result) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEADINGS);
        result.runs().forEach(run -> lines.add(cells(run, result.poisons())));
        return lines;
    }
}
