package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.safeclip.data.Augmentation;
import org.safeclip.data.Batch;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.data.TextAugmentation;
import org.safeclip.data.Tokenizer;
import org.safeclip.experiments.TestExperiments;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.model.Tokens;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Scope;

/** The similarity of a pair is its own, whoever shares its picture and wherever it stands. */
class SimilaritiesTest {
    private static final int PAIRS = 600; // more than two batches
    private static final int PICTURES = 37;

    @Test
    @SuppressWarnings("try") // the scope is there to be closed
    void pairsThatShareAPictureHaveTheSimilarityTheyHaveAlone() throws Exception {
        ExperimentConfig config = TestExperiments.config();
        SplittableRandom random = new SplittableRandom(3);
        byte[][] pictures = new byte[PICTURES][TestExperiments.SIDE * TestExperiments.SIDE * 3];
        for (byte[] picture : pictures) {
            random.nextBytes(picture);
        }
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            pairs.add(new Pair(pictures[random.nextInt(PICTURES)], "a thing with number " + i));
        }
        PairSet set = PairSet.of(TestExperiments.SIDE, pairs);
        assertThat(set.firstShown()).contains(0, 1).doesNotContain(PAIRS - 1);
        Tokenizer tokenizer = Tokenizer.learn(set.captions(), config.vocabulary());
        Augmentation views = new Augmentation(set, config.imageViews(), TextAugmentation.embedded(), tokenizer, config.context(), 1);
        try (Backend backend = Backends.open("simd")) {
            ClipModel model =
                    ClipModel.random(config.modelShape(tokenizer.vocabulary()), backend, new SplittableRandom(5));
            float[] all = Similarities.ofPlainPairs(model, views);
            assertThat(all).hasSize(PAIRS);
            for (int pair = 0; pair < PAIRS; pair += 7) {
                try (Scope scope = backend.scope()) {
                    Batch alone = views.plain(new int[] {pair});
                    float cosine = model.embedImages(alone.images(), 1, TestExperiments.SIDE, Mode.EVALUATION)
                            .value()
                            .mul(model.embedTexts(new Tokens(1, alone.length(), alone.tokens()))
                                    .value())
                            .sum(1)
                            .toArray()[0];
                    assertThat(all[pair]).as("pair %d", pair).isCloseTo(cosine, within(1e-5f));
                }
            }
        }
    }
}
