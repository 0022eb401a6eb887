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

/** One page that tells what a demo found: it stands alone, in one file, without script and without network. */
public final class Report {
    private static final String PAPER = "https://arxiv.org/abs/2310.05862";

    private Report() {}

    /**
     * Writes the page.
     *
     * @param events the story of the run, as {@link Metrics#read} gives it; may be empty
     * @param attacked attacked pictures to show: all targets, or a sample of triggered pictures
     * @param configuration the resolved configuration, as text
     * @param note a warning to stand beside the verdict, such as that this was the short version; "" for none
     */
    public static void write(
            Path file, Result result, List<Event> events, List<Attacked> attacked, String configuration, String note)
            throws IOException {
        AtomicFile.write(file, page(result, events, attacked, configuration, note));
    }

    static String page(Result result, List<Event> events, List<Attacked> attacked, String configuration, String note) {
        String title = "SafeCLIP against the " + attackName(result) + ", seed " + result.seed();
        Html head = Html.of("head")
                .add(
                        Html.of("meta").with("charset", "utf-8"),
                        Html.of("meta").with("name", "viewport").with("content", "width=device-width, initial-scale=1"),
                        Html.of("title", title),
                        Html.of("style", style()));
        Html main = Html.of("main").add(verdict(result, note), table(result));
        if (!attacked.isEmpty()) {
            main.add(section("Attacked pictures", Html.of("p", pictureText(result)), Pictures.row(attacked)));
        }
        main.add(scores(result));
        main.addAll(new SplitSection(result, events).html());
        main.addAll(new TrainingSection(result, events).html());
        main.add(howToRead(), howMade(result, configuration));
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
                "The result",
                TextTable.html(ResultTable.lines(result)),
                Html.of(
                                "p",
                                "Zero-shot: held-out pictures named among all concepts, and among the kinds these"
                                        + " belong to; higher is better. Attack success: attacked pictures called by"
                                        + " the attacker's class, with the exact (Clopper-Pearson) 95 % interval and"
                                        + " the counts; lower is better. Poisons: those in the last safe set, of all"
                                        + " there are; plain CLIP has no safe set and learns from all of them.")
                        .with("class", "fine"));
    }

    private static Html scores(Result result) {
        Map<String, Scores> models = new LinkedHashMap<>();
        result.runs().forEach(run -> models.put(run.method(), run.scores()));
        return section(
                "All that was asked",
                TextTable.html(ScoresTable.lines(models)),
                Html.of(
                                "p",
                                "No question was trained on. Concepts and kinds, top-k: the true one is among the first"
                                        + " k by zero-shot. Linear probe: one linear layer learns the kinds from clean"
                                        + " pictures by the artists trained on. R@k: what was searched for, one of the"
                                        + " captions of a held-out picture, or the picture of a caption, is among the"
                                        + " first k found. Pictures that truly are what the attacker wants are left out"
                                        + " of the attack's counts.")
                        .with("class", "fine"));
    }

    private static String pictureText(Result result) {
        return "The " + AttackCatalogue.STANDARD.asks(result.attack())
                + " (a sample where there are many), and what each model calls them.";
    }

    private static Html howToRead() {
        return section(
                "How to read this",
                Html.of(
                        "p",
                        "CLIP learns to match pictures and captions by pulling the two of a pair together. An"
                                + " attacker who slips in a few pairs with false captions can teach it to call"
                                + " chosen pictures, or any picture with a trigger, by a class of the attacker's"
                                + " choice. SafeCLIP first learns within each modality alone, where false captions"
                                + " cannot bind, then looks once, gently, at all pairs: false pairs stay"
                                + " dissimilar. From then on only pairs whose similarity speaks for them are"
                                + " matched picture to caption (the safe set, which grows), the others go on"
                                + " teaching each modality for itself."),
                Html.of(
                        "p",
                        "Which pairs are poisons is known to this page, and to it alone: training never sees it."
                                + " One run is one seed; rates over few pictures have wide intervals, and 0 of 16"
                                + " is still compatible with one in five."),
                Html.of("p", "The method: Yang, Gao and Mirzasoleiman, ")
                        .add(Html.of(
                                "cite",
                                "Better Safe than Sorry: Pre-training CLIP against Targeted Data Poisoning"
                                        + " and Backdoor Attacks"))
                        .text(", ICML 2024, ")
                        .add(Html.of("a", "arXiv 2310.05862").with("href", PAPER))
                        .text("."));
    }

    private static Html howMade(Result result, String configuration) {
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
                "How it was made",
                facts,
                Html.of("details")
                        .add(Html.of("summary", "The whole configuration"), Html.of("pre", configuration.strip())));
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
                throw new IllegalStateException("the style sheet report.css is missing from this build; build it anew");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the style sheet of the report", e);
        }
    }
}
