package org.safeclip.eval;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.ClassList;
import org.safeclip.data.Tokenizer;
import org.safeclip.model.ClipModel;

/**
 * What a model is worth and whether the attack took: zero-shot accuracy on held-out pictures, and attack success over the
 * kinds.
 *
 * @param zeroShotTop1 share of pictures whose concept comes first
 * @param zeroShotTop5 share whose concept is among the first five
 * @param kindTop1 share whose kind comes first
 * @param attackSuccess attacked pictures taken for what the attacker wants, with its 95 % interval; null without attack
 * @param calledBy for every attacked picture the kind it was taken for
 */
public record Evaluation(
        double zeroShotTop1,
        double zeroShotTop5,
        double kindTop1,
        @Nullable Interval attackSuccess,
        int[] calledBy) {

    /**
     * Pictures with their true classes.
     *
     * @param classes names and prompts
     * @param pictures 8-bit RGB
     * @param labels places in the class list
     */
    public record TestSet(ClassList classes, List<byte[]> pictures, int[] labels) {
        /** Keeps its own copy of the list. */
        public TestSet {
            pictures = List.copyOf(pictures);
        }
    }

    /** Evaluates a model; pictures are side x side. */
    public static Evaluation of(
            ClipModel model,
            Tokenizer tokenizer,
            int context,
            int side,
            TestSet concepts,
            TestSet kinds,
            AttackTest attack) {
        ZeroShot byConcept = ZeroShot.of(model, concepts.classes(), tokenizer, context);
        float[] scores = byConcept.scores(model, concepts.pictures(), side);
        int[] ranks = Ranking.ranks(scores, concepts.classes().size(), concepts.labels());
        ZeroShot byKind = ZeroShot.of(model, kinds.classes(), tokenizer, context);
        int[] kindCalls = byKind.classify(model, kinds.pictures(), side);
        int[] attackCalls = AttackOutcome.calls(model, tokenizer, context, side, byKind, kinds, attack);
        int trials = attackCalls.length;
        return new Evaluation(
                Ranking.topK(ranks, 1),
                Ranking.topK(ranks, 5),
                (double) agreements(kindCalls, kinds.labels()) / kindCalls.length,
                trials == 0 ? null : Interval.clopperPearson(agreements(attackCalls, attack.wanted()), trials, 0.95),
                attackCalls);
    }

    private static int agreements(int[] calls, int[] wanted) {
        int count = 0;
        for (int i = 0; i < calls.length; i++) {
            count += calls[i] == wanted[i] ? 1 : 0;
        }
        return count;
    }
}
