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
 * The verdict on a result: one sentence and its reliability. An attack that fails against CLIP says nothing about the defence,
 * and overlapping intervals show no difference.
 *
 * @param label outcome in a few words
 * @param tone "good", "bad" or "open", class in the style sheet
 * @param sentence attack success of each method
 * @param remark conclusion
 */
public record Verdict(String label, String tone, String sentence, String remark) {
    /** Below this success against CLIP, the attack fails. */
    private static final double WORKING_ATTACK = 0.5;

    /** Above this attack success, the defence did not hold. */
    private static final double MAX_ATTACK_SUCCESS = 0.15;

    /** A larger loss of accuracy is reported as a cost. */
    private static final double NOTABLE_LOSS = 0.02;

    /** The verdict on a result. */
    public static Verdict of(Result result) {
        String sentence = sentence(result);
        Optional<Result.Run> plain = result.run("clip");
        Optional<Result.Run> defending =
                result.run(MethodCatalogue.SAFECLIP_AGREEMENT).or(() -> result.run(MethodCatalogue.SAFECLIP));
        if (plain.isEmpty() || defending.isEmpty()) {
            return new Verdict(
                    "Nothing to compare", "open", sentence, "Both CLIP and SafeCLIP are needed for a verdict.");
        }
        Result.Run clip = plain.get();
        Result.Run safe = defending.get();
        Interval attacked = clip.attackSuccess();
        Interval defended = safe.attackSuccess();
        if (attacked.rate() < WORKING_ATTACK) {
            return new Verdict(
                    "The attack failed",
                    "open",
                    sentence,
                    "It fooled undefended CLIP less than half of the time, so this run says little about the defence.");
        }
        if (defended.high() >= attacked.low()) {
            boolean failed = defended.rate() > attacked.rate() / 2;
            return new Verdict(
                    failed ? "The defence failed" : "Inconclusive",
                    failed ? "bad" : "open",
                    sentence,
                    "The 95 % intervals of both rates overlap, so this run shows no significant difference."
                            + accuracy(clip, safe));
        }
        if (defended.rate() > MAX_ATTACK_SUCCESS) {
            return new Verdict(
                    "The defence helped, but did not hold",
                    "bad",
                    sentence,
                    "SafeCLIP is fooled less often than CLIP, but still too often." + accuracy(clip, safe));
        }
        return new Verdict(
                "The defence held",
                "good",
                sentence,
                "The 95 % interval of SafeCLIP's rate ends at " + Numbers.percent(defended.high())
                        + ", that of CLIP's rate begins at " + Numbers.percent(attacked.low()) + "."
                        + accuracy(clip, safe));
    }

    private static String sentence(Result result) {
        if (result.runs().isEmpty()) {
            return "No method was trained.";
        }
        String noun = " " + AttackCatalogue.STANDARD.testItems(result.attack());
        List<String> fooled = new ArrayList<>();
        for (Result.Run run : result.runs()) {
            fooled.add(MethodCatalogue.STANDARD.title(run.method()) + " on " + Numbers.hits(run.attackSuccess())
                    + (fooled.isEmpty() ? noun : ""));
        }
        return "The attack fooled " + String.join(" and ", fooled) + ".";
    }

    private static String accuracy(Result.Run clip, Result.Run safe) {
        TopK whole = clip.scores().fine();
        TopK left = safe.scores().fine();
        boolean costly = whole.top1().rate() - left.top1().rate() > NOTABLE_LOSS
                || whole.top5().rate() - left.top5().rate() > NOTABLE_LOSS;
        return (costly ? " It costs accuracy: SafeCLIP classifies " : " SafeCLIP classifies ")
                + Numbers.percent(left.top1().rate()) + " of the held-out concepts correctly (top-1), CLIP "
                + Numbers.percent(whole.top1().rate()) + "; top-5: "
                + Numbers.percent(left.top5().rate()) + " and "
                + Numbers.percent(whole.top5().rate()) + ".";
    }
}
