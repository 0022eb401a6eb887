package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.eval.Recall;
import org.safeclip.experiments.eval.Retrieval;
import org.safeclip.experiments.eval.Scores;
import org.safeclip.experiments.eval.TopK;
import org.safeclip.experiments.run.MethodCatalogue;

/** The table of all metrics: one row per metric, one column per model, each rate with its interval and counts. */
public final class ScoresTable {
    /** One row: a metric and how to get it; null if it was not evaluated. */
    private record Metric(String name, Function<Scores, @Nullable Interval> answer) {}

    private static final List<Metric> METRICS = metrics();

    private ScoresTable() {}

    /** The table in aligned columns, ending with a line feed; metrics that no model has are left out. */
    public static String text(Map<String, Scores> models) {
        return TextTable.text(lines(models));
    }

    /** The headings, then the rows. */
    static List<List<String>> lines(Map<String, Scores> models) {
        List<List<String>> lines = new ArrayList<>();
        List<String> headings = new ArrayList<>(List.of("Metric"));
        models.keySet().forEach(name -> headings.add(MethodCatalogue.STANDARD.title(name)));
        lines.add(headings);
        for (Metric metric : METRICS) {
            List<String> line = new ArrayList<>(List.of(metric.name()));
            boolean answered = false;
            for (Scores scores : models.values()) {
                Interval answer = metric.answer().apply(scores);
                answered |= answer != null;
                line.add(answer == null ? Numbers.NONE : Numbers.rate(answer));
            }
            if (answered) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        topK(metrics, "Concepts", Scores::fine);
        topK(metrics, "Kinds", Scores::coarse);
        metrics.add(new Metric("Kinds, linear probe", Scores::linearProbe));
        recall(metrics, "Captions of an image", Retrieval::imageToText);
        recall(metrics, "Image of a caption", Retrieval::textToImage);
        attack(metrics, "Attack success", TopK::top1);
        attack(metrics, "Attack, wanted in first 3", TopK::top3);
        attack(metrics, "Attack, wanted in first 5", TopK::top5);
        metrics.add(new Metric("Attacked, true kind", Scores::truth));
        return List.copyOf(metrics);
    }

    private static void topK(List<Metric> metrics, String of, Function<Scores, TopK> choice) {
        metrics.add(new Metric(of + ", top-1", scores -> choice.apply(scores).top1()));
        metrics.add(new Metric(of + ", top-3", scores -> choice.apply(scores).top3()));
        metrics.add(new Metric(of + ", top-5", scores -> choice.apply(scores).top5()));
        metrics.add(new Metric(of + ", top-10", scores -> choice.apply(scores).top10()));
    }

    private static void recall(List<Metric> metrics, String of, Function<Retrieval, Recall> way) {
        found(metrics, of + ", R@1", way, Recall::at1);
        found(metrics, of + ", R@5", way, Recall::at5);
        found(metrics, of + ", R@10", way, Recall::at10);
    }

    private static void found(
            List<Metric> metrics, String name, Function<Retrieval, Recall> way, Function<Recall, Interval> at) {
        metrics.add(new Metric(name, scores -> {
            Retrieval retrieval = scores.retrieval();
            return retrieval == null ? null : at.apply(way.apply(retrieval));
        }));
    }

    private static void attack(List<Metric> metrics, String name, Function<TopK, Interval> among) {
        metrics.add(new Metric(name, scores -> {
            TopK attack = scores.attack();
            return attack == null ? null : among.apply(attack);
        }));
    }
}
