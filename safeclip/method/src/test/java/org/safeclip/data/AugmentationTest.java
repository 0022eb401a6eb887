package org.safeclip.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.safeclip.data.Augmentation.Strength.STRONG;
import static org.safeclip.data.Augmentation.Strength.WEAK;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.TestPairs;

/** Views depend on (seed, draw, pair, view) alone and keep their range. */
class AugmentationTest {

    private static final PairSet PAIRS = TestPairs.of(100).pairs();
    private static final Tokenizer TOKENIZER = Tokenizer.learn(PAIRS.captions(), 1024);
    private static final int IMAGE = 3 * 32 * 32;

    private static Augmentation augmentation(PairSet pairs, ImageAugmentation images, long seed) {
        return new Augmentation(
                pairs, images, images.weaker(.5f), TextAugmentation.embedded(), TOKENIZER, 32, RandomKey.of(seed));
    }

    @Test
    void sameDrawInAnyOrderAndCompany() {
        Augmentation views = augmentation(PAIRS, ImageAugmentation.small(), 7);
        Batch both = views.views(new int[] {10, 40, 77}, 3, 2, STRONG);
        Batch swapped = views.views(new int[] {77, 10}, 3, 2, STRONG);
        Batch first = views.views(new int[] {10, 40, 77}, 3, 1, STRONG);
        assertThat(Arrays.copyOfRange(both.images(), 2 * IMAGE, 3 * IMAGE))
                .isEqualTo(Arrays.copyOfRange(swapped.images(), 0, IMAGE));
        assertThat(both.view(0).images()).isEqualTo(first.images());
        assertThat(both.view(0).images()).isNotEqualTo(both.view(1).images());
        assertThat(views.views(new int[] {10, 40, 77}, 4, 1, STRONG).images()).isNotEqualTo(first.images());
        assertThat(augmentation(PAIRS, ImageAugmentation.small(), 8)
                        .views(new int[] {10, 40, 77}, 3, 1, STRONG)
                        .images())
                .isNotEqualTo(first.images());
    }

    @Test
    void theFirstViewCanBeThePairAsItIs() {
        Augmentation views = augmentation(PAIRS, ImageAugmentation.small(), 7);
        int[] some = {10, 40, 77};
        Batch plain = views.plain(some);
        assertThat(views.views(some, 3, 1, STRONG, true).images()).isEqualTo(plain.images());
        assertThat(views.views(some, 3, 1, STRONG, true).tokens()).isEqualTo(plain.tokens());
        Batch both = views.views(some, 3, 2, STRONG, true);
        assertThat(both.view(0).images()).isEqualTo(plain.images());
        assertThat(both.view(1).images())
                .isEqualTo(views.views(some, 3, 2, STRONG).view(1).images());
    }

    @Test
    void weakViewsAreThoseOfTheWeakDistribution() {
        ImageAugmentation strong = ImageAugmentation.small();
        int[] some = {10, 40, 77};
        Augmentation views = augmentation(PAIRS, strong, 7);
        Augmentation onlyWeak = augmentation(PAIRS, strong.weaker(.5f), 7);
        assertThat(views.views(some, 3, 2, WEAK).images())
                .isEqualTo(onlyWeak.views(some, 3, 2, STRONG).images())
                .isNotEqualTo(views.views(some, 3, 2, STRONG).images());
        assertThat(views.views(some, 3, 2, WEAK).tokens())
                .isEqualTo(views.views(some, 3, 2, STRONG).tokens());
        assertThatThrownBy(() -> views.views(some, 3, 3, WEAK)).hasMessageContaining("views is 3, expected 1 or 2");
    }

    @Test
    void staticCaptionsAreDrawnOnceAndImagesStillAnew() {
        Augmentation views = augmentation(PAIRS, ImageAugmentation.small(), 7).withStaticCaptions();
        int[] some = IntStream.range(0, 64).toArray();
        Batch first = views.views(some, 1, 2, STRONG);
        Batch second = views.views(some, 2, 2, STRONG);
        assertThat(second.tokens()).isEqualTo(first.tokens());
        assertThat(second.images()).isNotEqualTo(first.images());
        assertThat(first.view(0).tokens()).isNotEqualTo(first.view(1).tokens());
        Augmentation anew = augmentation(PAIRS, ImageAugmentation.small(), 7);
        assertThat(anew.views(some, 2, 2, STRONG).tokens())
                .isNotEqualTo(anew.views(some, 1, 2, STRONG).tokens());
    }

    @Test
    void shapesAndRangesHold() {
        Augmentation views = augmentation(PAIRS, ImageAugmentation.small(), 1);
        int[] indices = IntStream.range(0, 64).toArray();
        Batch batch = views.views(indices, 1, 2, STRONG);
        assertThat(batch.size()).isEqualTo(64);
        assertThat(batch.images()).hasSize(2 * 64 * IMAGE);
        assertThat(batch.tokens()).hasSize(2 * 64 * batch.length());
        assertThat(batch.length()).isBetween(4, 32);
        assertThat(outside(batch.images(), -1.793f, 2.147f))
                .as("values no level maps to")
                .isZero();
        boolean full = false;
        for (int row = 0; row < 128; row++) {
            int end = Tokenizer.endPosition(batch.tokens(), row * batch.length(), batch.length());
            assertThat(batch.tokens()[row * batch.length()]).isEqualTo(TOKENIZER.start());
            assertThat(batch.tokens()[row * batch.length() + end]).isEqualTo(TOKENIZER.end());
            full |= end == batch.length() - 1;
        }
        assertThat(full).as("the longest caption fills its row").isTrue();
    }

    @Test
    void plainIsTheNormalisedImage() {
        Batch batch = augmentation(PAIRS, ImageAugmentation.small(), 1).plain(new int[] {5, 6});
        byte[] px = PAIRS.image(6);
        float blue = ((px[(3 * 32 + 4) * 3 + 2] & 0xff) / 255f - .40821073f) / .27577711f;
        assertThat(batch.images()[IMAGE + 2 * 1024 + 3 * 32 + 4]).isCloseTo(blue, offset(1e-5f));
        assertThat(TOKENIZER.decode(Arrays.copyOfRange(batch.tokens(), batch.length(), 2 * batch.length())))
                .isEqualTo(TOKENIZER.decode(TOKENIZER.encode(PAIRS.caption(6))));
    }

    @Test
    void noStrengthMeansNoChange() {
        ImageAugmentation still = new ImageAugmentation(32, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3, .1f, .6f);
        Augmentation views = augmentation(PAIRS, still, 2);
        assertThat(views.views(new int[] {1, 2}, 1, 1, STRONG).images())
                .isEqualTo(views.plain(new int[] {1, 2}).images());
    }

    @Test
    void imagesOfLeftAndRightAreNotMirrored() {
        ImageAugmentation mirror = new ImageAugmentation(32, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 3, .1f, .6f);
        byte[] px = new byte[3072];
        new SplittableRandom(1).nextBytes(px);
        PairSet pairs = PairSet.of(
                32,
                List.of(
                        new Pair(px, "a left arrow"),
                        new Pair(px, "Rightwards hand"),
                        new Pair(px, "a bright copyright")));
        Augmentation views = augmentation(pairs, mirror, 2);
        float[] seen = views.views(new int[] {0, 1, 2}, 1, 1, STRONG).images();
        float[] plain = views.plain(new int[] {0, 1, 2}).images();
        assertThat(Arrays.equals(seen, 0, 2 * IMAGE, plain, 0, 2 * IMAGE)).isTrue();
        assertThat(seen[2 * IMAGE]).isEqualTo(plain[2 * IMAGE + 31]);
    }

    @Test
    void setsAreImmutable() {
        byte[] px = new byte[3072];
        PairSet one = PairSet.of(32, List.of(new Pair(px, "black")));
        PairSet two = one.with(List.of(new Pair(px, "more")));
        PairSet other = two.replaced(Map.of(0, new Pair(px, "changed")));
        px[0] = 9;
        one.image(0)[0] = 9;
        assertThat(one.image(0)[0]).isZero();
        assertThat(one.size()).isEqualTo(1);
        assertThat(two.captions()).containsExactly("black", "more");
        assertThat(other.captions()).containsExactly("changed", "more");
        assertThatThrownBy(() -> PairSet.of(16, List.of(new Pair(px, "x")))).hasMessageContaining("expected 768");
    }

    @Test
    void badStrengthsAreRefused() {
        assertThatThrownBy(() -> new ImageAugmentation(32, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3, .1f, .6f))
                .hasMessageContaining("areaMin is 0.0");
        assertThatThrownBy(() -> new ImageAugmentation(32, 1, 1, 1, 0, 2, 0, 0, 0, 0, 0, 0, 3, .1f, .6f))
                .hasMessageContaining("jitter is 2.0, expected 0 to 1");
    }

    @Test
    void noiseStaysInRange() {
        SplittableRandom random = new SplittableRandom(11);
        byte[] px = new byte[3072];
        float[] out = new float[3072];
        for (int i = 0; i < 500; i++) {
            random.nextBytes(px);
            byte[] before = px.clone();
            ImageAugmentation.small().view(px, 32, true, out, 0, random);
            assertThat(px).isEqualTo(before);
            assertThat(outside(out, -1.793f, 2.147f)).isZero();
        }
    }

    private static int outside(float[] values, float low, float high) {
        int count = 0;
        for (float v : values) {
            count += v >= low && v <= high ? 0 : 1; // NaN counts
        }
        return count;
    }
}
