package org.safeclip.eval;

import org.jspecify.annotations.Nullable;

/**
 * What became of one attack on a model.
 *
 * @param attack its name
 * @param success answered as the attacker wants: the PSR of targeted poisoning, the ASR of a backdoor
 * @param unmarked the same question without the trigger: how often the wanted class comes up by itself; null where there is
 *     no trigger
 * @param truth answered by the true class in spite of the attack; null where no true class is known
 * @param calledBy for each its answer, a place in the list of kinds: a picture's by zero-shot, a caption's the class of the
 *     picture it finds first
 */
public record AttackOutcome(
        String attack,
        Interval success,
        @Nullable Interval unmarked,
        @Nullable Interval truth,
        int[] calledBy) {

    /**
     * Asks a model.
     *
     * @param kinds the classes, and the pictures that captions search
     * @param marked with the trigger
     * @param unmarked without; the empty test where there is no trigger
     */
    public static AttackOutcome of(
            Evaluation.Asker asker, Evaluation.TestSet kinds, AttackTest marked, AttackTest unmarked) {
        int[] calls = calls(asker, kinds, marked);
        return new AttackOutcome(
                marked.attack(),
                success(calls, marked),
                unmarked.size() == 0 ? null : success(calls(asker, kinds, unmarked), unmarked),
                Evaluation.truth(calls, marked.labels()),
                calls);
    }

    private static int[] calls(Evaluation.Asker asker, Evaluation.TestSet kinds, AttackTest test) {
        return Ranking.best(asker.scores(kinds, test), kinds.classes().size());
    }

    private static Interval success(int[] calls, AttackTest test) {
        int hits = 0;
        for (int i = 0; i < calls.length; i++) {
            hits += calls[i] == test.wanted()[i] ? 1 : 0;
        }
        return Interval.clopperPearson(hits, calls.length, Interval.LEVEL);
    }
}
