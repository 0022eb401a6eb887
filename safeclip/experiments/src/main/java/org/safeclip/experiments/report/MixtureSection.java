package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.safeclip.experiments.run.Json;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.SplitEvent;

/** The mixture at work: the similarities of all pairs with both Gaussians and the safe range, played over the epochs. */
final class MixtureSection {
    /** Most small charts; the player and the table have all epochs. */
    private static final int CHARTS = 12;

    private MixtureSection() {}

    static List<Section> of(ReportData data, List<MethodEvents> methods) {
        List<Html> content = new ArrayList<>();
        List<MethodEvents> splitting =
                methods.stream().filter(method -> !method.splits().isEmpty()).toList();
        boolean masked = false;
        boolean divided = false;
        boolean bySimilarity = false;
        for (MethodEvents method : splitting) {
            if (splitting.size() > 1) {
                content.add(Html.of("h3", method.title()));
            }
            masked |= method.splits().getFirst().histogram().poison() != null;
            divided |= method.splits().getFirst().histogram().safeClean() != null;
            bySimilarity |= method.splits().getFirst().safeBySimilarity();
            content.add(player(data, method));
        }
        if (content.isEmpty()) {
            return List.of();
        }
        content.add(key(masked, divided, bySimilarity));
        splitting.forEach(method -> content.add(glance(method, splitting.size() > 1)));
        String lead =
                "SafeCLIP measures how well each picture and its caption match, and fits two bell curves to the result."
                        + (splitting.stream().allMatch(MixtureSection::isExtension) ? "" : published(masked))
                        + (splitting.stream().anyMatch(MixtureSection::isExtension) ? extension(masked) : "");
        return List.of(new Section("The mixture at work", lead, content));
    }

    private static boolean isExtension(MethodEvents method) {
        return method.method().equals(MethodCatalogue.SAFECLIP_AGREEMENT);
    }

    private static String published(boolean masked) {
        return " Only pairs to the right of the line, in the shaded range, may meet their captions in training"
                + (masked ? "; the poisons should stay to its left." : ".");
    }

    private static String extension(boolean masked) {
        return " The mixture gives the first safe set its size; which pairs are in it, other pairs decide, and which are"
                + " added later, the model before it has matched them."
                + (masked
                        ? " So there are safe pairs, in the full colour, beside risky ones of the same similarity, and poisons that"
                                + " match well may still be left out."
                        : "");
    }

    private static Html player(ReportData data, MethodEvents method) {
        List<SplitEvent> splits = method.splits();
        SvgChart stage = new SvgChart(
                "Similarities, mixture and safe set of " + method.title(),
                "A histogram that changes from epoch to epoch. The same charts stand below, one for each epoch.",
                600,
                300);
        String last = Integer.toString(splits.size() - 1);
        return Html.of("div")
                .with("class", "player")
                .add(
                        Html.script("application/json", json(data, splits)),
                        Html.of("p").with("class", "caption"),
                        Html.of("div").with("class", "stage").add(stage.svg()),
                        Html.of("div")
                                .with("class", "controls")
                                .add(
                                        Html.of("button", "Play").with("type", "button"),
                                        Html.of("input")
                                                .with("type", "range")
                                                .with("min", "0")
                                                .with("max", last)
                                                .with("value", last)
                                                .with("step", "1")
                                                .with("aria-label", "Epoch of " + method.title()),
                                        Html.of("span").with("class", "epoch")));
    }

    private static String json(ReportData data, List<SplitEvent> splits) {
        List<Map<String, Object>> frames = new ArrayList<>();
        for (SplitEvent split : splits) {
            Map<String, Object> frame = new LinkedHashMap<>();
            frame.put("epoch", split.epoch());
            frame.put("size", split.size());
            frame.put("cut", split.safeBySimilarity() ? split.cut() : null);
            frame.put("weights", split.weights());
            frame.put("means", split.means());
            frame.put("deviations", new double[] {Math.sqrt(split.variances()[0]), Math.sqrt(split.variances()[1])});
            frame.put("low", split.histogram().low());
            frame.put("high", split.histogram().high());
            frame.put("clean", split.histogram().clean());
            frame.put("safeClean", split.histogram().safeClean());
            int[] poison = split.histogram().poison();
            Integer inSafe = split.poisons();
            if (poison != null && inSafe != null) {
                frame.put("poison", poison);
                frame.put("safePoison", split.histogram().safePoison());
                frame.put("poisons", inSafe);
            }
            frames.add(frame);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("pairs", splits.getFirst().pairs());
        all.put("poisons", data.subject().poisons());
        all.put("splits", frames);
        return Json.ROUNDED.writeValueAsString(all);
    }

    private static Html key(boolean masked, boolean divided, boolean bySimilarity) {
        Html key = Html.of("ul").with("class", "key");
        String clean = masked ? "clean pairs, upwards" : "pairs";
        String poison = "poisons, downwards on a scale of their own";
        if (divided) {
            key.add(key("clean", "safe " + clean), key("clean risky", "risky ones"));
        } else {
            key.add(key("clean", clean));
        }
        if (masked) {
            key.add(key("poison", divided ? "safe " + poison : poison));
        }
        if (masked && divided) {
            key.add(key("poison risky", "risky ones"));
        }
        key.add(key("lower", "bell curve of the lower mean"), key("upper", "bell curve of the higher mean"));
        return bySimilarity ? key.add(key("zone", "safe range")) : key;
    }

    static Html key(String style, String text) {
        return Html.of("li")
                .add(Html.of("span").with("class", "swatch " + style).with("aria-hidden", "true"))
                .text(" " + text);
    }

    private static Html glance(MethodEvents method, boolean named) {
        HistogramChart chart = HistogramChart.fitting(method.splits());
        Html row = Html.of("div").with("class", "histograms");
        shown(method.splits()).forEach(split -> row.add(chart.figure(split)));
        int all = method.splits().size();
        String which = all > CHARTS ? CHARTS + " of " + all + " epochs" : "Every epoch";
        return Html.of("div")
                .add(
                        Html.of("h3", which + " at a glance" + (named ? ": " + method.title() : "")),
                        Html.of(
                                        "p",
                                        "Heights are pairs per 0.01 of similarity, on equal scales in all charts. The score"
                                                + " of a pair is the probability of the bell curve with the higher mean.")
                                .with("class", "small-print"),
                        row);
    }

    private static List<SplitEvent> shown(List<SplitEvent> splits) {
        if (splits.size() <= CHARTS) {
            return splits;
        }
        List<SplitEvent> shown = new ArrayList<>();
        for (int i = 0; i < CHARTS; i++) {
            shown.add(splits.get(Math.round((float) i * (splits.size() - 1) / (CHARTS - 1))));
        }
        return shown;
    }
}
