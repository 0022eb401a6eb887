package org.safeclip.experiments.eval;

import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.attack.AttackTestSet;

/**
 * What became of one attack on a model.
 *
 * @param attack its name
 * @param success answered as the attacker wants: the PSR of targeted poisoning, the ASR of a backdoor
 * @param withoutTrigger the same question without the trigger: how often the wanted class comes up by itself; null where there is
 *     no trigger
 * @param truth answered by the true class in spite of the attack; null where no true class is known
 * @param calledBy for each its answer, a place in the list of coarse: a picture's by zero-shot, a caption's the class of the
 *     picture it finds first
 */
public record AttackOutcome(
        String attack,
        Interval success,
        @Nullable Interval withoutTrigger,
        @Nullable Interval truth,
        int[] calledBy) {

    /**
     * Asks a model.
     *
     * @param coarse the classes, and the pictures that captions search
     * @param test what the attacker wants misread
     */
    public static AttackOutcome of(Evaluation.Asker asker, Evaluation.TestSet coarse, AttackTestSet test) {
        int[] calls = calls(asker, coarse, test);
        AttackTestSet without = test.withoutTrigger();
        return new AttackOutcome(
                test.attack(),
                success(calls, test),
                without == null ? null : success(calls(asker, coarse, without), without),
                Evaluation.truth(calls, test.labels()),
                calls);
    }

    private static int[] calls(Evaluation.Asker asker, Evaluation.TestSet coarse, AttackTestSet test) {
        return Ranking.best(asker.scores(coarse, test), coarse.classes().size());
    }

    private static Interval success(int[] calls, AttackTestSet test) {
        int hits = 0;
        for (int i = 0; i < calls.length; i++) {
            hits += calls[i] == test.wanted()[i] ? 1 : 0;
        }
        return Interval.clopperPearson(hits, calls.length, Interval.LEVEL);
    }
}
