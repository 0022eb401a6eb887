package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.SafeContent;
import org.safeclip.experiments.report.LineChart.Point;
import org.safeclip.experiments.report.LineChart.Series;
import org.safeclip.experiments.run.Event;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.SplitEvent;

/** The section of the report on the splits: similarities with their mixture, the safe set, and the poisons in it. */
final class SplitSection {
    /** Most charts shown; the table has all epochs. */
    private static final int CHARTS = 12;

    private final Result result;
    private final List<SplitEvent> splits;

    SplitSection(Result result, List<Event> events) {
        this.result = result;
        splits = events.stream()
                .filter(SplitEvent.class::isInstance)
                .map(SplitEvent.class::cast)
                .toList();
    }

    /** The HTML elements; none if no method splits the pairs. */
    List<Html> html() {
        List<Html> html = new ArrayList<>();
        result.runs().stream().filter(run -> !run.safeSet().isEmpty()).forEach(run -> html.add(safeSet(run)));
        if (!splits.isEmpty()) {
            html.add(histograms());
            html.add(mixtures());
        }
        return html;
    }

    private Html safeSet(Result.Run run) {
        List<Point> size = new ArrayList<>();
        List<Point> share = new ArrayList<>();
        List<Point> count = new ArrayList<>();
        for (Result.SafeSet set : run.safeSet()) {
            size.add(Point.of(set.epoch(), 100.0 * set.size() / result.pairs()));
            share.add(Point.of(set.epoch(), result.poisons() == 0 ? 0 : 100.0 * set.poisons() / result.poisons()));
            count.add(Point.of(set.epoch(), set.poisons()));
        }
        Result.SafeSet first = run.safeSet().getFirst();
        Result.SafeSet last = run.safeSet().getLast();
        String description = "The first safe set has " + Numbers.count(first.size(), "pair") + ", including "
                + Numbers.count(first.poisons(), "poison") + "; the last, in epoch " + last.epoch()
                + ", has " + Numbers.count(last.size(), "pair") + ", including "
                + Numbers.count(last.poisons(), "poison") + " (of " + Numbers.count(result.poisons())
                + " in " + Numbers.count(result.pairs()) + " pairs).";
        LineChart shares = new LineChart(
                "Share of all pairs and of the poisons in the safe set (%)",
                description,
                "epoch",
                List.of(new Series("all pairs", "safeclip", size), new Series("poisons", "poisoned", share)),
                true,
                List.of());
        LineChart counts = new LineChart(
                "Poisons in the safe set (count)",
                description,
                "epoch",
                List.of(new Series("poisons", "poisoned", count)),
                true,
                List.of());
        return Report.section(
                "The safe set",
                Html.of("p", description + " A random split would give equal lines in the first chart."),
                Html.of("div").with("class", "charts").add(shares.figure(), counts.figure()));
    }

    private Html histograms() {
        HistogramChart chart = HistogramChart.fitting(splits);
        boolean masked = splits.stream().anyMatch(split -> split.histogram().poison() != null);
        Html key = Html.of("p")
                .with("class", "key")
                .add(
                        key("clean", masked ? "clean pairs, upwards" : "pairs"),
                        key("lower", "Gaussian with the lower mean"),
                        key("upper", "Gaussian with the higher mean"),
                        key("zone", "safe range"));
        if (masked) {
            key.add(key("poison", "poisons, downwards on their own scale"));
        }
        Html row = Html.of("div").with("class", "histograms");
        shown().forEach(split -> row.add(chart.figure(split)));
        String left = splits.size() > CHARTS
                ? " Shown are " + CHARTS + " of " + splits.size() + " epochs, first and last included."
                : "";
        return Report.section(
                "Similarity of image and caption by epoch",
                Html.of(
                        "p",
                        "Heights are pairs per 0.01 of cosine similarity, with equal scales in all charts. A"
                                + " mixture of two Gaussians is fitted to all pairs; the score of a pair is its posterior"
                                + " probability of the one with the higher mean." + left),
                key,
                row);
    }

    private List<SplitEvent> shown() {
        if (splits.size() <= CHARTS) {
            return splits;
        }
        List<SplitEvent> shown = new ArrayList<>();
        for (int i = 0; i < CHARTS; i++) {
            shown.add(splits.get(Math.round((float) i * (splits.size() - 1) / (CHARTS - 1))));
        }
        return shown;
    }

    private static Html key(String style, String text) {
        return Html.of("span")
                .add(Html.of("span").with("class", "swatch " + style).with("aria-hidden", "true"))
                .text(" " + text);
    }

    private Html mixtures() {
        Html head = Html.of("tr");
        for (String name : List.of(
                "epoch",
                "safe",
                "poisons",
                "weights",
                "means",
                "deviations",
                "steps",
                "log-likelihood",
                "BIC gain",
                "ROC of similarity",
                "PR",
                "ROC of posterior",
                "PR",
                "precision",
                "recall",
                "F1",
                "mean similarity",
                "repeated",
                "class shift",
                "overlap")) {
            head.add(Html.of("th", name).with("scope", "col"));
        }
        Html body = Html.of("tbody");
        splits.forEach(split -> body.add(mixture(split)));
        Html table =
                Html.of("table").with("class", "small").add(Html.of("thead").add(head), body);
        return Html.of("details")
                .add(
                        Html.of("summary", "The mixtures in numbers (" + Numbers.count(splits.size(), "fit") + ")"),
                        Html.of(
                                "p",
                                "Steps: iterations of expectation-maximisation. Log-likelihood: mean per pair in nats."
                                        + " BIC gain: positive if two Gaussians explain the similarities better than one. ROC: area"
                                        + " under the curve of low similarity (or posterior) as a predictor of poisons; 1 is"
                                        + " perfect, 0.5 is chance. PR: area under its precision-recall curve. Precision, recall"
                                        + " and F1: of risky pairs as predicted poisons. Repeated: safe pairs whose image occurs in"
                                        + " more pairs than it has captions. Class shift: distance between the class distributions"
                                        + " of the safe set and of all pairs, 0 to 1. Overlap: Jaccard index with the previous safe"
                                        + " set."),
                        Html.of("div").with("class", "scroll").add(table));
    }

    private static Html mixture(SplitEvent split) {
        double[] v = split.variances();
        Integer poisons = split.poisons();
        SplitEvent.Poisoning truth = split.poisoning();
        SafeContent content = split.content();
        List<String> cells = List.of(
                Numbers.count(split.epoch()),
                Numbers.count(split.size()) + (split.fellBack() ? " (too few reached the threshold)" : ""),
                poisons == null ? "–" : Numbers.count(poisons),
                both(split.weights()[0], split.weights()[1]),
                both(split.means()[0], split.means()[1]),
                both(Math.sqrt(v[0]), Math.sqrt(v[1])),
                Numbers.count(split.iterations()),
                Numbers.fixed(split.logLikelihood(), 3),
                Numbers.fixed(split.bicGain(), 0),
                Numbers.fixed(truth == null ? Double.NaN : orNaN(truth.similarityRoc()), 3),
                Numbers.fixed(truth == null ? Double.NaN : orNaN(truth.similarityPrecision()), 3),
                Numbers.fixed(truth == null ? Double.NaN : orNaN(truth.posteriorRoc()), 3),
                Numbers.fixed(truth == null ? Double.NaN : orNaN(truth.posteriorPrecision()), 3),
                Numbers.fixed(truth == null ? Double.NaN : truth.precision(), 3),
                Numbers.fixed(truth == null ? Double.NaN : truth.recall(), 3),
                Numbers.fixed(truth == null ? Double.NaN : truth.f1(), 3),
                Numbers.fixed(split.meanSimilarity(), 3),
                content == null ? "–" : Numbers.count(content.safeRepeated()),
                Numbers.fixed(content == null ? Double.NaN : content.classShift(), 3),
                Numbers.fixed(orNaN(split.jaccard()), 2));
        Html row = Html.of("tr");
        cells.forEach(cell -> row.add(Html.of("td", cell)));
        return row;
    }

    private static String both(double first, double second) {
        return Numbers.fixed(first, 3) + " / " + Numbers.fixed(second, 3);
    }

    private static double orNaN(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }
}
