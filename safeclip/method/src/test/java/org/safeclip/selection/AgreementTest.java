package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.data.RandomKey;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/**
 * Forty concepts, each drawn six times with two captions, and three attacks on them: one picture with captions of another concept,
 * near copies of a picture, and a rare word on captions that go with pictures of one concept.
 */
class AgreementTest {
    private static final int SIDE = 16;
    private static final int CONCEPTS = 40;
    private static final int DRAWINGS = 6;
    private static final int HONEST = CONCEPTS * DRAWINGS * 2;
    private static final int POISONS = 10;
    private static final SplittableRandom RANDOM = new SplittableRandom(5);
    private static final List<byte[]> PROTOTYPES =
            Stream.generate(AgreementTest::prototype).limit(CONCEPTS).toList();
    private static final List<Pair> PAIRS = attacked();
    private static final Agreement AGREEMENT = agreement(PAIRS);

    private static List<Pair> attacked() {
        List<Pair> pairs = new ArrayList<>();
        for (int concept = 0; concept < CONCEPTS; concept++) {
            for (int drawing = 0; drawing < DRAWINGS; drawing++) {
                byte[] image = drawn(concept, 40);
                pairs.add(new Pair(image, "a picture of " + name(concept)));
                pairs.add(new Pair(image, name(concept) + " on paper"));
            }
        }
        byte[] target = drawn(0, 40);
        for (int i = 0; i < POISONS; i++) {
            pairs.add(new Pair(target, "a picture of " + name(10 + i)));
        }
        byte[] copied = drawn(1, 40);
        for (int i = 0; i < POISONS; i++) {
            pairs.add(new Pair(noisy(copied, 6), "a picture of " + name(20 + i)));
        }
        for (int i = 0; i < POISONS; i++) {
            pairs.add(new Pair(drawn(2, 40), "a picture of cf " + name(30 + i)));
        }
        return pairs;
    }

    private static String name(int concept) {
        return "thing" + concept + " kind" + concept / 2;
    }

    private static byte[] prototype() {
        byte[] small = new byte[4 * 4 * 3];
        RANDOM.nextBytes(small);
        byte[] image = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < image.length; i++) {
            int y = i / 3 / SIDE;
            int x = i / 3 % SIDE;
            image[i] = small[3 * (y / 4 * 4 + x / 4) + i % 3];
        }
        return image;
    }

    private static byte[] drawn(int concept, int noise) {
        return noisy(PROTOTYPES.get(concept), noise);
    }

    private static byte[] noisy(byte[] image, int noise) {
        byte[] noisy = new byte[image.length];
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] = (byte) Math.clamp((image[i] & 0xff) + RANDOM.nextInt(-noise, noise + 1), 0, 255);
        }
        return noisy;
    }

    private static Agreement agreement(List<Pair> pairs) {
        RandomKey key = RandomKey.of(1);
        PairFeatures features = PairFeatures.plain(PairSet.of(SIDE, pairs), key);
        try (Backend backend = Backends.open("simd")) {
            return Agreement.of(features, AgreementSettings.defaults(), backend, key);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void poisonsOfEveryAttackRankBelowTheCut() {
        SafeSplit best = SafeSplit.best(AGREEMENT.score(), 0.9);
        assertThat(PAIRS).hasSize(HONEST + 3 * POISONS);
        assertThat(IntStream.of(best.safe())).allMatch(pair -> pair < HONEST);
    }

    @Test
    void nearCopiesCountAsOnePicture() {
        double[] picture = AGREEMENT.pictureMean();
        assertThat(IntStream.range(HONEST + POISONS, HONEST + 2 * POISONS)
                        .mapToObj(pair -> picture[pair])
                        .distinct())
                .hasSize(1);
        assertThat(picture[HONEST]).isNotEqualTo(picture[HONEST + POISONS]);
    }

    @Test
    void valuesAreSharesAndRanks() {
        for (int pair = 0; pair < PAIRS.size(); pair++) {
            assertThat(AGREEMENT.wordSupport()[pair]).isBetween(0.0, 1.0);
            assertThat(AGREEMENT.imageSupport()[pair]).isBetween(-1.0, 1.0);
            assertThat(AGREEMENT.score()[pair]).isBetween(0.0, 1.0);
        }
        assertThat(AGREEMENT.wordSupport()[0])
                .as("an honest pair whose words all of its kind have")
                .isEqualTo(1);
    }
}
