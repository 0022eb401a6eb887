package org.safeclip.experiments.eval;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Tokenizer;
import org.safeclip.experiments.attack.AttackTestSet;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.dataset.PromptTemplates;
import org.safeclip.model.ClipModel;
import org.safeclip.train.Embeddings;

/**
 * Asks a model questions.
 *
 * @param scores the shares it answered rightly, or as an attacker wants
 * @param calledBy for every attacked picture the coarse it was taken for
 */
public record Evaluation(Scores scores, int[] calledBy) {

    /**
     * Pictures with their true classes.
     *
     * @param classes names and prompts
     * @param images 8-bit RGB
     * @param labels places in the class list
     */
    public record TestSet(ClassList classes, List<byte[]> images, int[] labels) {
        /** Keeps its own copy of the list. */
        public TestSet {
            images = List.copyOf(images);
        }

        /** The same asked in other words: every name in every template. */
        public TestSet asked(PromptTemplates templates) {
            return new TestSet(ClassList.of(classes.names(), templates), images, labels);
        }
    }

    /**
     * How a model is asked.
     *
     * @param tokenizer its vocabulary
     * @param context most tokens of a text
     * @param size S, the side of its pictures
     */
    public record Asker(ClipModel model, Tokenizer tokenizer, int context, int size) {
        private float[] scores(TestSet test) {
            return scores(test.classes(), test.images());
        }

        private float[] scores(ClassList classes, List<byte[]> images) {
            return ZeroShot.of(model, classes, tokenizer, context).scores(model, images, size);
        }

        /**
         * How well each class answers what an attacker asks: for a picture the cosine with the class, for a caption that of
         * the picture of the class that suits it best, −1 where the class has no picture.
         *
         * @param coarse the classes, and the pictures that captions search
         */
        float[] scores(TestSet coarse, AttackTestSet test) {
            if (test.captions().isEmpty()) {
                return scores(coarse.classes(), test.images());
            }
            float[][] texts = Embeddings.ofCaptions(model, test.captions(), tokenizer, context);
            float[][] images = Embeddings.ofImages(model, coarse.images(), size);
            int classes = coarse.classes().size();
            float[] scores = new float[texts.length * classes];
            Arrays.fill(scores, -1);
            for (int t = 0; t < texts.length; t++) {
                for (int p = 0; p < images.length; p++) {
                    int at = t * classes + coarse.labels()[p];
                    scores[at] = Math.max(scores[at], ZeroShot.dot(texts[t], images[p]));
                }
            }
            return scores;
        }

        private LinearProbe.Labelled features(TestSet of) {
            return new LinearProbe.Labelled(Embeddings.featuresOfImages(model, of.images(), size), of.labels());
        }
    }

    /** The shorter evaluation: zero-shot accuracy and the attack. */
    public static Evaluation of(Asker asker, TestSet fine, TestSet coarse, AttackTestSet attack) {
        return scored(asker, fine, coarse, attack, null, null);
    }

    /**
     * The whole evaluation.
     *
     * @param random for the linear probe: its initial weights and the order of its labelled
     */
    public static Evaluation of(
            Asker asker, TestSet fine, TestSet coarse, AttackTestSet attack, Study study, RandomGenerator random) {
        int classes = coarse.classes().size();
        Interval probe = study.labelled().images().isEmpty() || coarse.images().isEmpty()
                ? null // nothing to learn it from, or to try it on
                : LinearProbe.accuracy(
                        asker.model().backend(),
                        asker.features(study.labelled()),
                        asker.features(coarse),
                        classes,
                        random);
        Retrieval retrieval =
                Retrieval.of(asker.model(), study.gallery(), asker.tokenizer(), asker.context(), asker.size());
        return scored(asker, fine, coarse, attack, probe, retrieval);
    }

    private static Evaluation scored(
            Asker asker,
            TestSet fine,
            TestSet coarse,
            AttackTestSet attack,
            @Nullable Interval probe,
            @Nullable Retrieval retrieval) {
        TopK byFine = topK(asker.scores(fine), fine.classes(), fine.labels());
        TopK byCoarse = topK(asker.scores(coarse), coarse.classes(), coarse.labels());
        if (attack.size() == 0) {
            return new Evaluation(new Scores(byFine, byCoarse, probe, retrieval, null, null), new int[0]);
        }
        float[] attacked = asker.scores(coarse, attack);
        int[] calls = Ranking.best(attacked, coarse.classes().size());
        TopK success = topK(attacked, coarse.classes(), attack.wanted());
        return new Evaluation(
                new Scores(byFine, byCoarse, probe, retrieval, success, truth(calls, attack.labels())), calls);
    }

    private static TopK topK(float[] scores, ClassList classes, int... answers) {
        return TopK.of(Ranking.ranks(scores, classes.size(), answers));
    }

    static @Nullable Interval truth(int[] calls, int... labels) {
        int known = 0;
        int hits = 0;
        for (int i = 0; i < calls.length; i++) {
            known += labels[i] >= 0 ? 1 : 0;
            hits += calls[i] == labels[i] ? 1 : 0;
        }
        return known == 0 ? null : Interval.clopperPearson(hits, known, Interval.LEVEL);
    }
}
