package org.safeclip.eval;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.ClassList;
import org.safeclip.data.Templates;
import org.safeclip.data.Tokenizer;
import org.safeclip.learn.Embeddings;
import org.safeclip.model.ClipModel;

/**
 * Asks a model questions.
 *
 * @param scores the shares it answered rightly, or as an attacker wants
 * @param calledBy for every attacked picture the kind it was taken for
 */
public record Evaluation(Scores scores, int[] calledBy) {

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

        /** The same asked in other words: every name in every template. */
        public TestSet asked(Templates templates) {
            return new TestSet(ClassList.of(classes.names(), templates), pictures, labels);
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
            return scores(test.classes(), test.pictures());
        }

        private float[] scores(ClassList classes, List<byte[]> pictures) {
            return ZeroShot.of(model, classes, tokenizer, context).scores(model, pictures, size);
        }

        /**
         * How well each class answers what an attacker asks: for a picture the cosine with the class, for a caption that of
         * the picture of the class that suits it best, −1 where the class has no picture.
         *
         * @param kinds the classes, and the pictures that captions search
         */
        float[] scores(TestSet kinds, AttackTest test) {
            if (test.captions().isEmpty()) {
                return scores(kinds.classes(), test.pictures());
            }
            float[][] texts = Embeddings.texts(model, test.captions(), tokenizer, context);
            float[][] pictures = Embeddings.images(model, kinds.pictures(), size);
            int classes = kinds.classes().size();
            float[] scores = new float[texts.length * classes];
            Arrays.fill(scores, -1);
            for (int t = 0; t < texts.length; t++) {
                for (int p = 0; p < pictures.length; p++) {
                    int at = t * classes + kinds.labels()[p];
                    scores[at] = Math.max(scores[at], ZeroShot.dot(texts[t], pictures[p]));
                }
            }
            return scores;
        }

        private LinearProbe.Labelled features(TestSet of) {
            return new LinearProbe.Labelled(Embeddings.imageFeatures(model, of.pictures(), size), of.labels());
        }
    }

    /** The shorter evaluation: zero-shot accuracy and the attack. */
    public static Evaluation of(Asker asker, TestSet concepts, TestSet kinds, AttackTest attack) {
        return scored(asker, concepts, kinds, attack, null, null);
    }

    /**
     * The whole evaluation.
     *
     * @param random for the linear probe: its initial weights and the order of its lessons
     */
    public static Evaluation of(
            Asker asker, TestSet concepts, TestSet kinds, AttackTest attack, Study study, RandomGenerator random) {
        int classes = kinds.classes().size();
        Interval probe =
                study.lessons().pictures().isEmpty() || kinds.pictures().isEmpty()
                        ? null // nothing to learn it from, or to try it on
                        : LinearProbe.accuracy(
                                asker.model().backend(),
                                asker.features(study.lessons()),
                                asker.features(kinds),
                                classes,
                                random);
        Retrieval retrieval =
                Retrieval.of(asker.model(), study.gallery(), asker.tokenizer(), asker.context(), asker.size());
        return scored(asker, concepts, kinds, attack, probe, retrieval);
    }

    private static Evaluation scored(
            Asker asker,
            TestSet concepts,
            TestSet kinds,
            AttackTest attack,
            @Nullable Interval probe,
            @Nullable Retrieval retrieval) {
        TopK byConcept = topK(asker.scores(concepts), concepts.classes(), concepts.labels());
        TopK byKind = topK(asker.scores(kinds), kinds.classes(), kinds.labels());
        if (attack.size() == 0) {
            return new Evaluation(new Scores(byConcept, byKind, probe, retrieval, null, null), new int[0]);
        }
        float[] attacked = asker.scores(kinds, attack);
        int[] calls = Ranking.best(attacked, kinds.classes().size());
        TopK success = topK(attacked, kinds.classes(), attack.wanted());
        return new Evaluation(
                new Scores(byConcept, byKind, probe, retrieval, success, truth(calls, attack.labels())), calls);
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
