package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.RankingDiagnostics;
import org.safeclip.experiments.eval.SafeContent;
import org.safeclip.experiments.report.LineChart.Point;
import org.safeclip.experiments.report.LineChart.Series;
import org.safeclip.experiments.run.SplitEvent;

/** The section of the report on the safe set and the poisons in it, and the table of all mixtures. */
final class SplitSection {
    private final ReportData.Subject subject;
    private final List<MethodEvents> splitting;

    SplitSection(ReportData data, List<MethodEvents> methods) {
        subject = data.subject();
        splitting =
                methods.stream().filter(method -> !method.splits().isEmpty()).toList();
    }

    /** The sections; none if no method splits the pairs at least twice or ranks them by agreement. */
    List<Section> sections() {
        List<Html> charts = new ArrayList<>();
        List<String> told = new ArrayList<>();
        for (MethodEvents method : splitting) {
            if (method.splits().size() > 1) {
                told.add(growth(method));
                charts.addAll(charts(method));
            }
        }
        List<Section> sections = new ArrayList<>();
        if (!charts.isEmpty()) {
            sections.add(new Section(
                    "The safe set grows",
                    String.join(" ", told),
                    Html.of("div").with("class", "charts").addAll(charts)));
        }
        splitting.forEach(method -> {
            List<SplitEvent> ranked = method.splits().stream()
                    .filter(split -> split.ranking() != null)
                    .toList();
            if (!ranked.isEmpty()) {
                sections.add(rankings(method.title(), ranked));
            }
        });
        return sections;
    }

    /** What the extension's ranking lets in, beside what the published one would have let in. */
    private static Section rankings(String title, List<SplitEvent> ranked) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(
                "epoch",
                "safe pairs",
                "poisons",
                "poisons by the published ranking",
                "ROC of similarity",
                "ROC of agreement",
                "ROC of both"));
        for (SplitEvent split : ranked) {
            RankingDiagnostics ranking = Objects.requireNonNull(split.ranking());
            SplitEvent.Poisoning truth = split.poisoning();
            lines.add(List.of(
                    Numbers.count(split.epoch()),
                    Numbers.count(split.size()),
                    truth == null ? "–" : Numbers.count(truth.inSafe()),
                    Numbers.count(ranking.published()),
                    Numbers.fixed(truth == null ? Double.NaN : orNaN(truth.similarityRoc()), 3),
                    Numbers.fixed(orNaN(ranking.agreementRoc()), 3),
                    Numbers.fixed(orNaN(ranking.bothRoc()), 3)));
        }
        return new Section(
                "The ranking by agreement",
                title
                        + " is an extension of the paper: the first safe pairs are those that other pairs confirm, and each"
                        + " epoch adds those that the model confirms before it has matched them. The published method takes"
                        + " the most similar pairs; the fourth column shows the poisons among as many of these. ROC: area under the curve of a low value as a"
                        + " predictor of poisons.",
                TextTable.html(lines));
    }

    /** Growth of a method's safe set in one sentence. */
    private String growth(MethodEvents method) {
        SplitEvent first = method.splits().getFirst();
        SplitEvent last = method.splits().getLast();
        Integer before = first.poisons();
        Integer after = last.poisons();
        String sizes = "From epoch " + first.epoch() + " to " + last.epoch() + ", the safe set of " + method.title()
                + " grows from " + Numbers.count(first.size()) + " to " + Numbers.count(last.size()) + " of "
                + Numbers.count(first.pairs(), "pair");
        return before == null || after == null
                ? sizes + "."
                : sizes + ", and the poisons in it from " + Numbers.count(before) + " to " + Numbers.count(after)
                        + " of " + Numbers.count(subject.poisons()) + "; a random choice would give equal shares.";
    }

    private List<Html> charts(MethodEvents method) {
        List<Point> size = new ArrayList<>();
        List<Point> share = new ArrayList<>();
        List<Point> count = new ArrayList<>();
        for (SplitEvent split : method.splits()) {
            size.add(Point.of(split.epoch(), 100.0 * split.size() / split.pairs()));
            Integer poisons = split.poisons();
            if (poisons != null && subject.poisons() > 0) {
                share.add(Point.of(split.epoch(), 100.0 * poisons / subject.poisons()));
                count.add(Point.of(split.epoch(), poisons));
            }
        }
        String of = splitting.size() > 1 ? ", " + method.title() : "";
        List<Series> shares = new ArrayList<>(List.of(new Series("all pairs", "safeclip", size)));
        if (share.isEmpty()) {
            return List.of(new LineChart(
                            "Share of all pairs in the safe set (%)" + of,
                            growth(method),
                            "epoch",
                            shares,
                            true,
                            List.of())
                    .figure());
        }
        shares.add(new Series("poisons", "poisoned", share));
        return List.of(
                new LineChart(
                                "Share of all pairs and of the poisons in the safe set (%)" + of,
                                growth(method),
                                "epoch",
                                shares,
                                true,
                                List.of())
                        .figure(),
                new LineChart(
                                "Poisons in the safe set (count)" + of,
                                growth(method),
                                "epoch",
                                List.of(new Series("poisons", "poisoned", count)),
                                true,
                                List.of())
                        .figure());
    }

    /** The mixtures of each method in numbers. */
    List<Html> tables() {
        return splitting.stream().map(this::mixtures).toList();
    }

    private Html mixtures(MethodEvents method) {
        List<SplitEvent> splits = method.splits();
        List<String> names = List.of(
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
                "overlap");
        List<List<String>> lines = new ArrayList<>(List.of(names));
        splits.forEach(split -> lines.add(mixture(split)));
        return Html.of("details")
                .add(
                        Html.of(
                                "summary",
                                "The mixtures of " + method.title() + " (" + Numbers.count(splits.size(), "fit") + ")"),
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
                        TextTable.html(lines).with("class", "small"));
    }

    private static List<String> mixture(SplitEvent split) {
        double[] v = split.variances();
        Integer poisons = split.poisons();
        SplitEvent.Poisoning truth = split.poisoning();
        SafeContent content = split.content();
        return List.of(
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
    }

    private static String both(double first, double second) {
        return Numbers.fixed(first, 3) + " / " + Numbers.fixed(second, 3);
    }

    private static double orNaN(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }
}
