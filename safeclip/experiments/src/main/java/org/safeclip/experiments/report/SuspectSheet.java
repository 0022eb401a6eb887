package org.safeclip.experiments.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.safeclip.experiments.report.ReportData.Trusted;
import org.safeclip.experiments.run.AtomicFile;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.TrustFile;

/** A sheet of the pairs that a method trusts least, with pictures, to look through by eye. */
public final class SuspectSheet {
    private static final int SHOWN = 112;

    private SuspectSheet() {}

    /**
     * Writes the sheet.
     *
     * @param count number of pairs
     */
    public static void write(Path file, Experiment experiment, TrustFile trust, int count) throws IOException {
        AtomicFile.write(file, page(experiment, trust, count));
    }

    static String page(Experiment experiment, TrustFile trust, int count) {
        int[] order = trust.leastFirst();
        int shown = Math.min(count, order.length);
        List<Html> items = new ArrayList<>();
        for (int i = 0; i < shown; i++) {
            items.add(item(
                    RunReport.trusted(experiment, trust, order[i]),
                    trust.pairs().get(order[i])));
        }
        Html section = Html.of("section")
                .with("class", "hero")
                .add(
                        Html.of("h1", "The " + Numbers.count(shown, "pair") + " trusted least"),
                        Html.of(
                                        "p",
                                        "Of " + Numbers.count(trust.pairs().size(), "pair") + " in "
                                                + experiment.config().data().source() + ", by the split of epoch "
                                                + trust.epoch()
                                                + ", least trusted first. A low rank means that picture and"
                                                + " caption do not fit in the eyes of the model; it does not prove an attack:"
                                                + " look at each.")
                                .with("class", "lead"),
                        Html.of("ul").with("class", "pairs").addAll(items));
        return Report.sheet("SafeCLIP: suspects", List.of(section));
    }

    private static Html item(Trusted pair, TrustFile.Pair known) {
        Html item = Html.of("li")
                .with("class", "pair")
                .add(Picture.of(pair.pixels(), SHOWN, ""))
                .text(pair.caption());
        String place = known.row().isEmpty() ? "added by the attack" : "row " + known.row() + ": " + known.image();
        item.add(
                Html.of("span", place).with("class", "number"),
                Html.of(
                                "span",
                                "similarity " + Numbers.fixed(pair.similarity(), 2) + ", trust "
                                        + Numbers.rough(pair.posterior()))
                        .with("class", "number"));
        return Boolean.TRUE.equals(pair.poison())
                ? item.add(Html.of("span", "✗ poison").with("class", "is-poison"))
                : item;
    }
}
