package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.safeclip.experiments.run.EpochEvent;

/** Where the time of training went, by method and phase. */
final class TimeSection {
    private static final List<String> STYLES = List.of("one", "two", "three", "four");

    private TimeSection() {}

    static List<Section> of(List<MethodEvents> methods) {
        Map<MethodEvents, Map<String, Double>> times = new LinkedHashMap<>();
        double longest = 0;
        for (MethodEvents method : methods) {
            Map<String, Double> parts = parts(method.epochs());
            if (!parts.isEmpty()) {
                times.put(method, parts);
                longest = Math.max(longest, sum(parts));
            }
        }
        if (times.isEmpty()) {
            return List.of();
        }
        List<Html> rows = new ArrayList<>();
        for (Map.Entry<MethodEvents, Map<String, Double>> one : times.entrySet()) {
            rows.add(row(one.getKey().title(), one.getValue(), longest));
        }
        return List.of(new Section(
                "Where the time went",
                "Seconds of training on one scale for all models, without evaluation.",
                Html.of("ul").with("class", "times").addAll(rows)));
    }

    /** Seconds by phase; scoring the pairs and fitting the mixture are parts of their own. */
    private static Map<String, Double> parts(List<EpochEvent> epochs) {
        Map<String, Double> parts = new LinkedHashMap<>();
        double splitting = 0;
        for (EpochEvent epoch : epochs) {
            double split = epoch.scoringSeconds() + epoch.mixtureSeconds();
            parts.merge(epoch.phase(), epoch.seconds() - split, Double::sum);
            splitting += split;
        }
        if (splitting > 0) {
            parts.put("scoring and mixture", splitting);
        }
        return parts;
    }

    private static double sum(Map<String, Double> parts) {
        return parts.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static Html row(String title, Map<String, Double> parts, double longest) {
        Html track = Html.of("div").with("class", "track").with("aria-hidden", "true");
        Html list = Html.of("ul");
        int index = 0;
        for (Map.Entry<String, Double> part : parts.entrySet()) {
            String style = "part " + STYLES.get(index++ % STYLES.size());
            track.add(Html.of("div")
                    .with("class", style)
                    .with("style", "width:" + Numbers.fixed(100 * part.getValue() / longest, 2) + "%"));
            list.add(Html.of("li")
                    .add(Html.of("span").with("class", style).with("aria-hidden", "true"))
                    .text(part.getKey() + " " + Numbers.count(Math.round(part.getValue())) + " s"));
        }
        return Html.of("li")
                .add(
                        Html.of("span", title + ", " + Numbers.count(Math.round(sum(parts))) + " s")
                                .with("class", "name"),
                        track,
                        list);
    }
}
