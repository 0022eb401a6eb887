package org.safeclip.eval;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.ImageViews;
import org.safeclip.data.Tokenizer;
import org.safeclip.learn.Embeddings;
import org.safeclip.model.ClipModel;

/**
 * What became of one attack on a model.
 *
 * @param attack its name
 * @param success answered as the attacker wants: the PSR of targeted poisoning, the ASR of a backdoor
 * @param unmarked the same question without the trigger: how often the wanted class comes up by itself; null where there is
 *     no trigger
 * @param truth answered by the true class in spite of the attack; null where no true class is known
 * @param calledBy for each its answer, a place in the list of kinds
 */
public record AttackOutcome(
        String attack,
        Interval success,
        @Nullable Interval unmarked,
        @Nullable Interval truth,
        int[] calledBy) {

    private static final double LEVEL = 0.95;

    /**
     * Asks a model.
     *
     * @param kinds the classes, and the pictures that captions search
     * @param marked with the trigger
     * @param unmarked without; the empty test where there is no trigger
     * @param side of the pictures
     */
    public static AttackOutcome of(
            ClipModel model,
            Tokenizer tokenizer,
            int context,
            int side,
            Evaluation.TestSet kinds,
            AttackTest marked,
            AttackTest unmarked) {
        ZeroShot byKind = ZeroShot.of(model, kinds.classes(), tokenizer, context);
        int[] calls = calls(model, tokenizer, context, side, byKind, kinds, marked);
        int known =
                (int) Arrays.stream(marked.labels()).filter(label -> label >= 0).count();
        return new AttackOutcome(
                marked.attack(),
                Interval.clopperPearson(agreements(calls, marked.wanted()), calls.length, LEVEL),
                unmarked.size() == 0
                        ? null
                        : Interval.clopperPearson(
                                agreements(
                                        calls(model, tokenizer, context, side, byKind, kinds, unmarked),
                                        unmarked.wanted()),
                                unmarked.size(),
                                LEVEL),
                known == 0 ? null : Interval.clopperPearson(agreements(calls, marked.labels()), known, LEVEL),
                calls);
    }

    /** The class each is taken for: a picture by zero-shot, a caption by the class of the picture it finds first. */
    static int[] calls(
            ClipModel model,
            Tokenizer tokenizer,
            int context,
            int side,
            ZeroShot byKind,
            Evaluation.TestSet kinds,
            AttackTest test) {
        if (test.captions().isEmpty()) {
            return byKind.classify(model, test.pictures(), side);
        }
        float[][] texts = Embeddings.texts(model, test.captions(), tokenizer, context);
        float[][] pictures = embedded(model, kinds.pictures(), side);
        int[] calls = new int[texts.length];
        for (int t = 0; t < texts.length; t++) {
            int best = 0;
            for (int p = 1; p < pictures.length; p++) {
                best = dot(texts[t], pictures[p]) > dot(texts[t], pictures[best]) ? p : best;
            }
            calls[t] = kinds.labels()[best];
        }
        return calls;
    }

    private static float[][] embedded(ClipModel model, List<byte[]> pictures, int side) {
        int size = 3 * side * side;
        float[] pixels = new float[pictures.size() * size];
        for (int i = 0; i < pictures.size(); i++) {
            ImageViews.plain(pictures.get(i), pixels, i * size);
        }
        return Embeddings.images(model, pixels, pictures.size(), side);
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static int agreements(int[] calls, int[] classes) {
        int count = 0;
        for (int i = 0; i < calls.length; i++) {
            count += calls[i] == classes[i] ? 1 : 0;
        }
        return count;
    }
}
