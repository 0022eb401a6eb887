package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.safeclip.TestPairs;
import org.safeclip.data.Augmentation;
import org.safeclip.data.Batch;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.model.Tokens;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Scope;

/** The similarity of a pair depends neither on its position nor on other pairs with the same image. */
class SimilaritiesTest {
    private static final int PAIRS = 600; // more than two batches
    private static final int IMAGES = 37;

    @Test
    @SuppressWarnings("try") // the scope is there to be closed
    void pairsThatShareAnImageHaveTheSimilarityTheyHaveAlone() throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        byte[][] images = new byte[IMAGES][TestPairs.SIDE * TestPairs.SIDE * 3];
        for (byte[] image : images) {
            random.nextBytes(image);
        }
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            pairs.add(new Pair(images[random.nextInt(IMAGES)], "a thing with number " + i));
        }
        PairSet set = PairSet.of(TestPairs.SIDE, pairs);
        assertThat(set.firstShown()).contains(0, 1).doesNotContain(PAIRS - 1);
        TestPairs all = TestPairs.of(PAIRS).showing(set);
        Augmentation augmentation = all.augmentation();
        try (Backend backend = Backends.open("simd")) {
            ClipModel model = all.model(backend);
            float[] similarities = Similarities.ofPlainPairs(model, augmentation);
            assertThat(similarities).hasSize(PAIRS);
            for (int pair = 0; pair < PAIRS; pair += 7) {
                try (Scope scope = backend.scope()) {
                    Batch alone = augmentation.plain(new int[] {pair});
                    float cosine = model.embedImages(alone.images(), 1, TestPairs.SIDE, Mode.EVALUATION)
                            .value()
                            .mul(model.embedTexts(new Tokens(1, alone.length(), alone.tokens()))
                                    .value())
                            .sum(1)
                            .toArray()[0];
                    assertThat(similarities[pair]).as("pair %d", pair).isCloseTo(cosine, within(1e-5f));
                }
            }
        }
    }
}
