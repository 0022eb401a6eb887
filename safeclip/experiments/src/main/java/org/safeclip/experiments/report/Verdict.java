package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.eval.TopK;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.Result;

/**
 * What a result says in a sentence, and how far it may be believed: an attack that did not take proves nothing about
 * the defence, and overlapping intervals are no difference.
 *
 * @param label the outcome in a few words
 * @param tone "good", "bad" or "open", its class in the style sheet
 * @param sentence how often each method was fooled
 * @param remark what follows from it
 */
record Verdict(String label, String tone, String sentence, String remark) {
    /** An attack that fools fewer than this is no threat to be defended against. */
    private static final double TOOK = 0.5;

    /** A defence that is fooled more often than this did not hold. */
    private static final double HELD = 0.15;

    /** Accuracy may fall by this much before it is a price worth naming. */
    private static final double PRICE = 0.02;

    static Verdict of(Result result) {
        String sentence = sentence(result);
        Optional<Result.Run> plain = result.run("clip");
        Optional<Result.Run> defending = result.run("safeclip");
        if (plain.isEmpty() || defending.isEmpty()) {
            return new Verdict(
                    "Nothing to compare", "open", sentence, "Both CLIP and SafeCLIP are needed for a verdict.");
        }
        Result.Run clip = plain.get();
        Result.Run safe = defending.get();
        Interval attacked = clip.attackSuccess();
        Interval defended = safe.attackSuccess();
        if (attacked.rate() < TOOK) {
            return new Verdict(
                    "The attack did not take",
                    "open",
                    sentence,
                    "It fooled undefended CLIP less than half of the time, so this run says little about the defence.");
        }
        if (defended.high() >= attacked.low()) {
            boolean failed = defended.rate() > attacked.rate() / 2;
            return new Verdict(
                    failed ? "The defence failed" : "Too few to tell",
                    failed ? "bad" : "open",
                    sentence,
                    "The 95 % intervals of both rates overlap: this run shows no certain difference."
                            + price(clip, safe));
        }
        if (defended.rate() > HELD) {
            return new Verdict(
                    "The defence helped, but did not hold",
                    "bad",
                    sentence,
                    "SafeCLIP is fooled less often than CLIP, yet still too often." + price(clip, safe));
        }
        return new Verdict(
                "The defence held",
                "good",
                sentence,
                "The 95 % interval of SafeCLIP's rate ends at " + Numbers.percent(defended.high())
                        + ", that of CLIP's begins at " + Numbers.percent(attacked.low()) + "." + price(clip, safe));
    }

    private static String sentence(Result result) {
        if (result.runs().isEmpty()) {
            return "No method was trained.";
        }
        String noun = " " + AttackCatalogue.STANDARD.asks(result.attack());
        List<String> fooled = new ArrayList<>();
        for (Result.Run run : result.runs()) {
            fooled.add(MethodCatalogue.STANDARD.title(run.method()) + " on " + Numbers.hits(run.attackSuccess())
                    + (fooled.isEmpty() ? noun : ""));
        }
        return "The attack fooled " + String.join(" and ", fooled) + ".";
    }

    private static String price(Result.Run clip, Result.Run safe) {
        TopK whole = clip.scores().fine();
        TopK left = safe.scores().fine();
        boolean dear = whole.top1().rate() - left.top1().rate() > PRICE
                || whole.top5().rate() - left.top5().rate() > PRICE;
        return (dear ? " It has a price: SafeCLIP names " : " SafeCLIP names ")
                + Numbers.percent(left.top1().rate()) + " of the held-out concepts at first choice, CLIP "
                + Numbers.percent(whole.top1().rate()) + "; among the first five, "
                + Numbers.percent(left.top5().rate()) + " and "
                + Numbers.percent(whole.top5().rate()) + ".";
    }
}
