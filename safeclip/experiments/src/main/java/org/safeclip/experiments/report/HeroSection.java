package org.safeclip.experiments.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.eval.Scores;
import org.safeclip.experiments.eval.TopK;
import org.safeclip.experiments.run.Result;

/** The top of the page: the verdict, and how often each model was fooled. */
final class HeroSection {
    /** More attacked inputs are drawn as a bar instead of dots. */
    private static final int MOST_DOTS = 100;

    private static final int DOTS_PER_ROW = 16;
    private static final double PITCH = 20;
    private static final double RADIUS = 7;

    private HeroSection() {}

    static Html html(ReportData data, List<MethodEvents> methods) {
        Verdict verdict = verdict(data, methods);
        Html html = Html.of("section")
                .with("id", "result")
                .with("class", "hero " + verdict.tone())
                .add(Html.of("p", verdict.label()).with("class", "label"), Html.of("h1", verdict.sentence()));
        Html tallies = Html.of("ul").with("class", "tallies");
        boolean any = false;
        for (MethodEvents method : methods) {
            Scores scores = method.scores();
            if (scores != null) {
                tallies.add(tally(method, scores));
                any = true;
            }
        }
        if (any) {
            html.add(tallies);
        }
        html.add(Html.of("p", verdict.remark()));
        return data.note().isEmpty() ? html : html.add(Html.of("p", data.note()).with("class", "note"));
    }

    private static Verdict verdict(ReportData data, List<MethodEvents> methods) {
        Result result = data.result();
        if (result != null && !result.runs().isEmpty()) {
            return Verdict.of(result);
        }
        if (methods.isEmpty()) {
            return new Verdict("Not trained yet", "open", "Nothing has been trained yet.", "");
        }
        String names =
                String.join(" and ", methods.stream().map(MethodEvents::title).toList());
        return data.subject().attack().equals("none")
                ? new Verdict(
                        "No attack",
                        "open",
                        names + " on " + Numbers.count(data.subject().pairs(), "pair"),
                        "No attack of this program was tested, so there is nothing to judge a defence by.")
                : new Verdict(
                        "No verdict yet",
                        "open",
                        names + " under the " + data.subject().attack() + " attack",
                        "A verdict needs both CLIP and SafeCLIP, trained to the end on the same pairs, as in a demo.");
    }

    private static Html tally(MethodEvents method, Scores scores) {
        Html card = Html.of("li")
                .with("class", "tally")
                .add(Html.of("p", method.title()).with("class", "name"));
        TopK attack = scores.attack();
        if (attack != null) {
            Interval fooled = attack.top1();
            card.add(
                    Html.of("p", Numbers.fixed(100 * fooled.rate(), 0) + " %")
                            .with("class", "rate")
                            .add(Html.of("small", " fooled (" + Numbers.hits(fooled) + ")")),
                    picture(method.title(), fooled));
        }
        return card.add(Html.of("p", accuracy(method, scores)).with("class", "more"));
    }

    private static String accuracy(MethodEvents method, Scores scores) {
        String accuracy = "Right on unseen images: " + percent(scores.coarse()) + " of " + "the kinds, "
                + percent(scores.fine()) + " of the concepts (top-1).";
        if (method.splits().isEmpty()) {
            return accuracy;
        }
        Integer poisons = method.splits().getLast().poisons();
        return poisons == null
                ? accuracy
                : accuracy + " " + Numbers.count(poisons, "poison") + " in its last safe set.";
    }

    private static String percent(@Nullable TopK answers) {
        return answers == null ? Numbers.NONE : Numbers.percent(answers.top1().rate());
    }

    private static Html picture(String name, Interval fooled) {
        String title = name + " was fooled on " + Numbers.hits(fooled);
        String range = "The exact 95 % interval of the rate is " + Numbers.percent(fooled.low()) + " to "
                + Numbers.percent(fooled.high()) + ".";
        if (fooled.trials() > MOST_DOTS) {
            SvgChart bar = new SvgChart(title, range, DOTS_PER_ROW * PITCH, PITCH);
            double width = DOTS_PER_ROW * PITCH;
            bar.rectangle("bar-track", 0, 4, width, 16);
            bar.rectangle("bar-fooled", 0, 4, width * fooled.rate(), 16);
            return bar.svg();
        }
        int rows = (fooled.trials() + DOTS_PER_ROW - 1) / DOTS_PER_ROW;
        SvgChart dots = new SvgChart(title, range, DOTS_PER_ROW * PITCH, Math.max(1, rows) * PITCH);
        for (int i = 0; i < fooled.trials(); i++) {
            double x = PITCH * (i % DOTS_PER_ROW + 0.5);
            double y = PITCH * (Math.floorDiv(i, DOTS_PER_ROW) + 0.5);
            boolean hit = i < fooled.hits();
            dots.circle(hit ? "dot fooled" : "dot not", x, y, RADIUS);
            if (hit) { // a cross, so that it does not depend on the colour
                dots.line("dot-mark", x - 3, y - 3, x + 3, y + 3);
                dots.line("dot-mark", x - 3, y + 3, x + 3, y - 3);
            }
        }
        return dots.svg();
    }
}
