package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.safeclip.experiments.eval.Scores;
import org.safeclip.experiments.run.Result;

/** The numbers: all metrics, the mixtures, and the settings. */
final class TablesSection {
    private TablesSection() {}

    static List<Section> of(ReportData data, List<MethodEvents> methods) {
        List<Html> content = new ArrayList<>();
        Result result = data.result();
        if (result != null && !result.runs().isEmpty()) {
            content.add(Html.of("h3", "Result"));
            content.add(TextTable.html(ResultTable.lines(result)));
            content.add(small("Zero-shot: accuracy on held-out images over all concepts, and over the kinds that these"
                    + " belong to; higher is better. Attack success: attacked inputs classified as the attacker's class,"
                    + " with the exact (Clopper-Pearson) 95 % interval and the counts; lower is better. Poisons: those in"
                    + " the last safe set, of all poisons; plain CLIP has no safe set and trains on all of them."));
        }
        Map<String, Scores> scores = MethodEvents.scores(methods);
        if (!scores.isEmpty()) {
            content.add(Html.of("h3", "All metrics"));
            content.add(TextTable.html(ScoresTable.lines(scores)));
            content.add(small("No test image was trained on. Concepts and kinds, top-k: the true class is among the"
                    + " first k by zero-shot classification. Linear probe: one linear layer, trained on the kinds of clean"
                    + " training images. R@k: one of the captions of a held-out image, or the image of a caption, is among"
                    + " the first k results. Images that truly belong to the class that the attacker wants are left out of"
                    + " the attack's counts."));
        }
        content.addAll(new SplitSection(data, methods).tables());
        content.add(facts(data, methods));
        data.subject().remarks().forEach(remark -> content.add(small(remark)));
        content.add(Html.of("details")
                .add(
                        Html.of("summary", "All settings"),
                        Html.of("pre", data.configuration().strip())));
        return List.of(new Section("The numbers", "Everything above, and more, in tables.", content));
    }

    private static Html small(String text) {
        return Html.of("p", text).with("class", "small-print");
    }

    private static Html facts(ReportData data, List<MethodEvents> methods) {
        ReportData.Subject subject = data.subject();
        Html facts = Html.of("dl").with("class", "facts");
        fact(facts, "Attack", subject.attack());
        fact(facts, "Data", subject.source());
        fact(facts, "Training pairs", Numbers.count(subject.pairs()));
        if (subject.poisonsKnown()) {
            fact(
                    facts,
                    "Poisons",
                    Numbers.count(subject.poisons()) + " ("
                            + Numbers.percent((double) subject.poisons() / subject.pairs()) + ")");
        }
        fact(facts, "Seed", Long.toString(subject.seed()));
        Result result = data.result();
        if (result != null) {
            fact(facts, "Backend", result.backend());
        }
        for (MethodEvents method : methods) {
            double seconds = method.epochs().stream()
                    .mapToDouble(epoch -> epoch.seconds())
                    .sum();
            fact(
                    facts,
                    method.title(),
                    Numbers.count(method.epochs().size(), "epoch") + " in " + Numbers.fixed(seconds, 0) + " s");
        }
        return facts;
    }

    private static void fact(Html facts, String name, String value) {
        facts.add(Html.of("div").add(Html.of("dt", name), Html.of("dd", value)));
    }
}
