package org.safeclip.experiments.eval;

import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.attack.AttackTestSet;

/**
 * The outcome of one attack on a model.
 *
 * @param attack name of the attack
 * @param success share of inputs classified as the attacker wants: the PSR of targeted poisoning, the ASR of a backdoor
 * @param withoutTrigger share of inputs without the trigger that are classified as the wanted class; null if the attack has no
 *     trigger
 * @param truth share of inputs classified correctly despite the attack; null if no true class is known
 * @param margin how near the model is to what the attacker wants; null if there is no other class
 * @param predictions predicted coarse class of each input: of an image by zero-shot classification, of a caption the class of the
 *     first image retrieved
 */
public record AttackOutcome(
        String attack,
        Interval success,
        @Nullable Interval withoutTrigger,
        @Nullable Interval truth,
        @Nullable AttackMargin margin,
        int[] predictions) {

    /**
     * Tests an attack on a model.
     *
     * @param coarse the coarse classes, with the images in which captions search
     * @param test inputs that the attacker wants misclassified
     */
    public static AttackOutcome of(Evaluation.ModelUnderTest tested, Evaluation.TestSet coarse, AttackTestSet test) {
        float[] scores = tested.scores(coarse, test);
        int classes = coarse.classes().size();
        int[] calls = Ranking.best(scores, classes);
        AttackTestSet without = test.withoutTrigger();
        return new AttackOutcome(
                test.attack(),
                success(calls, test),
                without == null ? null : success(Ranking.best(tested.scores(coarse, without), classes), without),
                Evaluation.truth(calls, test.labels()),
                AttackMargin.of(scores, classes, test),
                calls);
    }

    private static Interval success(int[] calls, AttackTestSet test) {
        int hits = 0;
        for (int i = 0; i < calls.length; i++) {
            hits += calls[i] == test.wanted()[i] ? 1 : 0;
        }
        return Interval.clopperPearson(hits, calls.length, Interval.LEVEL);
    }
}
