package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.data.RandomKey;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** A model that knows twenty kinds from six matched pairs each scores six more pairs. */
class ObjectionsTest {
    private static final int KINDS = 20;
    private static final int EACH = 6;
    private static final int MATCHED = KINDS * EACH;

    /** An image of kind 3 with a caption of kind 3. */
    private static final int HONEST = MATCHED;

    /** One image of kind 5 with a caption of kind 5 and one of kind 7. */
    private static final int[] TARGET = {MATCHED + 1, MATCHED + 2};

    /** An image of kind 8 with a caption of kind 8, and a near copy with one of kind 9. */
    private static final int[] COPIES = {MATCHED + 3, MATCHED + 4};

    /** An image of kind 11 with a caption of kind 12. */
    private static final int FALSE = MATCHED + 5;

    private static final PairFeatures FEATURES = features();

    private static PairFeatures features() {
        SplittableRandom random = new SplittableRandom(3);
        List<float[]> images = new ArrayList<>();
        List<float[]> captions = new ArrayList<>();
        addMatched(images, captions, random);
        images.add(embedding(3, random));
        images.add(embedding(5, random));
        float[] copied = embedding(8, random);
        images.add(copied);
        float[] copy = copied.clone();
        copy[0] += 0.05f;
        images.add(copy);
        images.add(embedding(11, random));
        for (int kind : new int[] {3, 5, 7, 8, 9, 12}) {
            captions.add(embedding(kind, random));
        }
        int[] imageOf = IntStream.concat(
                        IntStream.range(0, MATCHED),
                        IntStream.of(0, 1, 1, 2, 3, 4).map(image -> MATCHED + image))
                .toArray();
        return new PairFeatures(
                rows(images),
                null,
                rows(captions),
                imageOf,
                IntStream.range(0, imageOf.length).toArray(),
                CaptionWords.of(Collections.nCopies(imageOf.length, "any")));
    }

    /** Six pairs of each kind. */
    private static void addMatched(List<float[]> images, List<float[]> captions, SplittableRandom random) {
        for (int pair = 0; pair < MATCHED; pair++) {
            images.add(embedding(pair / EACH, random));
            captions.add(embedding(pair / EACH, random));
        }
    }

    private static float[] embedding(int kind, SplittableRandom random) {
        float[] embedding = new float[KINDS];
        for (int i = 0; i < KINDS; i++) {
            embedding[i] = (float) (0.1 * random.nextGaussian());
        }
        embedding[kind] += 1;
        return embedding;
    }

    private static FeatureRows rows(List<float[]> rows) {
        float[] values = new float[rows.size() * KINDS];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, values, i * KINDS, KINDS);
        }
        return FeatureRows.normalised(values, KINDS);
    }

    /** Those of some pairs to which the model objects by at most a limit. */
    private static int[] confirmed(double limit, double alike, int... scored) throws Exception {
        try (Backend backend = Backends.open("simd")) {
            int[] matched = IntStream.range(0, MATCHED).toArray();
            double[] objections = Objections.of(FEATURES, scored, matched, alike, 0.99, backend, RandomKey.of(1));
            return IntStream.range(0, scored.length)
                    .filter(i -> objections[i] <= limit)
                    .map(i -> scored[i])
                    .toArray();
        }
    }

    private static int[] confirmed(int... scored) throws Exception {
        return confirmed(0.1, 0.8, scored);
    }

    @Test
    void whatTheModelKnowsFromOtherPairsIsConfirmed() throws Exception {
        assertThat(confirmed(HONEST, FALSE)).containsExactly(HONEST);
        assertThat(confirmed(TARGET[0])).containsExactly(TARGET[0]);
    }

    @Test
    void thePairsOfAnImageStandOrFallTogether() throws Exception {
        assertThat(confirmed(TARGET)).isEmpty();
    }

    @Test
    void nearCopiesStandOrFallTogether() throws Exception {
        assertThat(confirmed(COPIES[0])).containsExactly(COPIES[0]);
        assertThat(confirmed(COPIES)).isEmpty();
        assertThat(confirmed(0.1, 1, COPIES)).containsExactly(COPIES[0]);
    }

    @Test
    void aCrowdOfPairsMustBeMoreCredible() throws Exception {
        double single = objectionToCrowd(1);
        assertThat(single).isBetween(0.01, 0.2);
        assertThat(objectionToCrowd(4)).isCloseTo(4 * single, within(1e-12));
        assertThat(objectionToCrowd(200)).isEqualTo(1);
    }

    /** The objection to pairs of one image, of kind 5 and a little of 7, and one caption, of kind 5. */
    private static double objectionToCrowd(int size) throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        List<float[]> images = new ArrayList<>();
        List<float[]> captions = new ArrayList<>();
        addMatched(images, captions, random);
        float[] between = embedding(5, random);
        between[7] += 1.1f;
        images.add(between);
        captions.add(embedding(5, random));
        int[] rows = IntStream.range(0, MATCHED + size)
                .map(pair -> Math.min(pair, MATCHED))
                .toArray();
        PairFeatures features = new PairFeatures(
                rows(images),
                null,
                rows(captions),
                rows,
                rows,
                CaptionWords.of(Collections.nCopies(rows.length, "any")));
        try (Backend backend = Backends.open("simd")) {
            double[] objections = Objections.of(
                    features,
                    IntStream.range(MATCHED, MATCHED + size).toArray(),
                    IntStream.range(0, MATCHED).toArray(),
                    0.8,
                    0.9,
                    backend,
                    RandomKey.of(1));
            assertThat(objections).containsOnly(objections[0]);
            return objections[0];
        }
    }

    @Test
    void theLimitDecides() throws Exception {
        int[] all = IntStream.range(MATCHED, FEATURES.pairs()).toArray();
        assertThat(confirmed(1, 0.8, all)).containsExactly(all);
        assertThat(confirmed(all)).containsExactly(HONEST);
        assertThat(confirmed()).isEmpty();
    }

    @Test
    void theOrderOfThePairsDoesNotMatter() throws Exception {
        int[] all = {FALSE, COPIES[1], HONEST, TARGET[0], COPIES[0]};
        int[] found = confirmed(all);
        Arrays.sort(found);
        assertThat(found).containsExactly(HONEST, TARGET[0]);
    }

    @Test
    void aModelThatHasMatchedNothingObjectsToAll() throws Exception {
        try (Backend backend = Backends.open("simd")) {
            assertThat(Objections.of(FEATURES, new int[] {HONEST}, new int[0], 0.8, 0.99, backend, RandomKey.of(1)))
                    .containsExactly(1);
        }
    }
}
