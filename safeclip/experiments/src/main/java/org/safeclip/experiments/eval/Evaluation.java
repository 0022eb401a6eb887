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
 * The evaluation of a model.
 *
 * @param scores accuracies and attack success
 * @param predictions predicted coarse class of every input of the attack
 */
public record Evaluation(Scores scores, int[] predictions) {

    /**
     * Test images with their true classes.
     *
     * @param classes names and prompts
     * @param images 8-bit RGB
     * @param labels index of each image's class
     */
    public record TestSet(ClassList classes, List<byte[]> images, int[] labels) {
        /** Copies the list of images. */
        public TestSet {
            images = List.copyOf(images);
        }

        /** A copy with other prompts: every class name in every template. */
        public TestSet withTemplates(PromptTemplates templates) {
            return new TestSet(ClassList.of(classes.names(), templates), images, labels);
        }
    }

    /**
     * A model with what is needed to embed its inputs.
     *
     * @param tokenizer tokenizer of the model
     * @param context T, most tokens of a text
     * @param size S, side of the model's images in pixels
     */
    public record ModelUnderTest(ClipModel model, Tokenizer tokenizer, int context, int size) {
        private float[] scores(TestSet test) {
            return scores(test.classes(), test.images());
        }

        private float[] scores(ClassList classes, List<byte[]> images) {
            return ZeroShot.of(model, classes, tokenizer, context).scores(model, images, size);
        }

        /**
         * Scores of the inputs of an attack, {@code [inputs, classes]} row by row: of an image the cosine with each class, of a
         * caption the highest cosine with an image of each class, −1 if the class has no image.
         *
         * @param coarse the coarse classes, with the images in which captions search
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

    /** The short evaluation: zero-shot accuracy and attack success. */
    public static Evaluation of(ModelUnderTest tested, TestSet fine, TestSet coarse, AttackTestSet attack) {
        return scored(tested, fine, coarse, attack, null, null);
    }

    /**
     * The full evaluation: zero-shot accuracy, attack success, linear probe and retrieval.
     *
     * @param random random numbers of the linear probe: initial weights and order of the images
     */
    public static Evaluation of(
            ModelUnderTest tested,
            TestSet fine,
            TestSet coarse,
            AttackTestSet attack,
            ProbeAndGallery probeAndGallery,
            RandomGenerator random) {
        int classes = coarse.classes().size();
        Interval probe =
                probeAndGallery.labelled().images().isEmpty() || coarse.images().isEmpty()
                        ? null // nothing to train or to test it on
                        : LinearProbe.accuracy(
                                tested.model().backend(),
                                tested.features(probeAndGallery.labelled()),
                                tested.features(coarse),
                                classes,
                                random);
        Retrieval retrieval = Retrieval.of(
                tested.model(), probeAndGallery.gallery(), tested.tokenizer(), tested.context(), tested.size());
        return scored(tested, fine, coarse, attack, probe, retrieval);
    }

    private static Evaluation scored(
            ModelUnderTest tested,
            TestSet fine,
            TestSet coarse,
            AttackTestSet attack,
            @Nullable Interval probe,
            @Nullable Retrieval retrieval) {
        TopK byFine = topK(tested.scores(fine), fine.classes(), fine.labels());
        TopK byCoarse = topK(tested.scores(coarse), coarse.classes(), coarse.labels());
        if (attack.size() == 0) {
            return new Evaluation(new Scores(byFine, byCoarse, probe, retrieval, null, null, null), new int[0]);
        }
        float[] attacked = tested.scores(coarse, attack);
        int[] calls = Ranking.best(attacked, coarse.classes().size());
        TopK success = topK(attacked, coarse.classes(), attack.wanted());
        AttackMargin margin = AttackMargin.of(attacked, coarse.classes().size(), attack);
        return new Evaluation(
                new Scores(byFine, byCoarse, probe, retrieval, success, truth(calls, attack.labels()), margin), calls);
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
