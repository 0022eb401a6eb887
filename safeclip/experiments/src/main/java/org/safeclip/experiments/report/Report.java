package org.safeclip.experiments.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.eval.Scores;
import org.safeclip.experiments.run.AtomicFile;
import org.safeclip.experiments.run.Event;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.Metrics;
import org.safeclip.experiments.run.Result;

/** The HTML report of a demo: one self-contained file without scripts or network access. */
public final class Report {
    private static final String PAPER = "https://arxiv.org/abs/2310.05862";

    private Report() {}

    /**
     * Writes the report.
     *
     * @param events events of the run, from {@link Metrics#read}; may be empty
     * @param attacked attacked images to show: all targets or a sample of triggered images; may be empty
     * @param configuration all settings as text
     * @param note a warning shown with the verdict, such as that this was the short version; "" for none
     */
    public static void write(
            Path file,
            Result result,
            List<Event> events,
            List<AttackedImage> attacked,
            String configuration,
            String note)
            throws IOException {
        AtomicFile.write(file, page(result, events, attacked, configuration, note));
    }

    static String page(
            Result result, List<Event> events, List<AttackedImage> attacked, String configuration, String note) {
        String title = "SafeCLIP against the " + attackName(result) + ", seed " + result.seed();
        Html head = Html.of("head")
                .add(
                        Html.of("meta").with("charset", "utf-8"),
                        Html.of("meta").with("name", "viewport").with("content", "width=device-width, initial-scale=1"),
                        Html.of("title", title),
                        Html.of("style", style()));
        Html main = Html.of("main").add(verdict(result, note), table(result));
        if (!attacked.isEmpty()) {
            main.add(section("Attacked images", Html.of("p", imagesText(result)), ImageStrip.row(attacked)));
        }
        main.add(scores(result));
        main.addAll(new SplitSection(result, events).html());
        main.addAll(new TrainingSection(result, events).html());
        main.add(howToRead(), runAndSettings(result, configuration));
        Html html = Html.of("html")
                .with("lang", "en")
                .add(head, Html.of("body").add(Html.of("header").add(Html.of("h1", title)), main));
        return "<!DOCTYPE html>\n" + html + "\n";
    }

    static Html section(String title, Html... content) {
        return Html.of("section").add(Html.of("h2", title)).add(content);
    }

    private static Html verdict(Result result, String note) {
        Verdict verdict = Verdict.of(result);
        Html html = Html.of("section")
                .with("class", "verdict " + verdict.tone())
                .add(
                        Html.of("p", verdict.label()).with("class", "label"),
                        Html.of("p", verdict.sentence()).with("class", "sentence"),
                        Html.of("p", verdict.remark()));
        return note.isEmpty() ? html : html.add(Html.of("p", note).with("class", "note"));
    }

    private static Html table(Result result) {
        return section(
                "Result",
                TextTable.html(ResultTable.lines(result)),
                Html.of(
                                "p",
                                "Zero-shot: accuracy on held-out images over all concepts, and over the kinds that these"
                                        + " belong to; higher is better. Attack success: attacked inputs classified as the"
                                        + " attacker's class, with the exact (Clopper-Pearson) 95 % interval and the counts; lower"
                                        + " is better. Poisons: those in the last safe set, of all poisons; plain CLIP has no safe"
                                        + " set and trains on all of them.")
                        .with("class", "small-print"));
    }

    private static Html scores(Result result) {
        Map<String, Scores> models = new LinkedHashMap<>();
        result.runs().forEach(run -> models.put(run.method(), run.scores()));
        return section(
                "All metrics",
                TextTable.html(ScoresTable.lines(models)),
                Html.of(
                                "p",
                                "No test image was trained on. Concepts and kinds, top-k: the true class is among the"
                                        + " first k by zero-shot classification. Linear probe: one linear layer, trained on the"
                                        + " kinds of clean training images. R@k: one of the captions of a held-out image, or the"
                                        + " image of a caption, is among the first k results. Images that truly belong to the class"
                                        + " that the attacker wants are left out of the attack's counts.")
                        .with("class", "small-print"));
    }

    private static String imagesText(Result result) {
        return "The " + AttackCatalogue.STANDARD.testItems(result.attack())
                + " (a sample if there are many) and the predictions of each model.";
    }

    private static Html howToRead() {
        return section(
                "How to read this",
                Html.of(
                        "p",
                        "CLIP learns to match images and captions by increasing the similarity of the two in"
                                + " each pair. An attacker who adds a few pairs with false captions can make it classify"
                                + " chosen images, or any image with a trigger, as a class of the attacker's choice."
                                + " SafeCLIP first trains each modality alone, where false captions have no effect, then"
                                + " one epoch on all pairs at a low learning rate, after which false pairs are still"
                                + " dissimilar. From then on, only pairs of high similarity (the safe set, which grows) are"
                                + " used to match images with captions; the others are used to train each modality alone."),
                Html.of(
                        "p",
                        "Only this report knows which pairs are poisons; training never does. One run is one"
                                + " seed; rates over few images have wide intervals, and 0 of 16 is still compatible with a"
                                + " rate of one in five."),
                Html.of("p", "The method: Yang, Gao and Mirzasoleiman, ")
                        .add(Html.of(
                                "cite",
                                "Better Safe than Sorry: Pre-training CLIP against Targeted Data Poisoning"
                                        + " and Backdoor Attacks"))
                        .text(", ICML 2024, ")
                        .add(Html.of("a", "arXiv 2310.05862").with("href", PAPER))
                        .text("."));
    }

    private static Html runAndSettings(Result result, String configuration) {
        Html facts = Html.of("dl").with("class", "facts");
        fact(facts, "Attack", attackName(result));
        fact(facts, "Training pairs", Numbers.count(result.pairs()));
        fact(
                facts,
                "Poisons",
                Numbers.count(result.poisons()) + " (" + Numbers.percent((double) result.poisons() / result.pairs())
                        + ")");
        fact(facts, "Seed", Long.toString(result.seed()));
        fact(facts, "Backend", result.backend());
        for (Result.Run run : result.runs()) {
            fact(
                    facts,
                    MethodCatalogue.STANDARD.title(run.method()),
                    Numbers.count(run.epochs(), "epoch") + " in " + Numbers.fixed(run.seconds(), 0) + " s");
        }
        return section(
                "Run and settings",
                facts,
                Html.of("details").add(Html.of("summary", "All settings"), Html.of("pre", configuration.strip())));
    }

    private static void fact(Html facts, String name, String value) {
        facts.add(Html.of("div").add(Html.of("dt", name), Html.of("dd", value)));
    }

    private static String attackName(Result result) {
        return result.attack() + " attack";
    }

    private static String style() {
        try (InputStream in = Report.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException(
                        "the style sheet report.css is missing from this build; rebuild the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the style sheet of the report", e);
        }
    }
}
