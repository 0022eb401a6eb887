package org.safeclip.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.experiments.dataset.EmojiDataset;

/** Augmentation depend on (seed, epoch, pair, view) alone, keep their range, and batches partition the pairs. */
class AugmentationTest {

    private static final PairSet PAIRS = EmojiDataset.load().train("twemoji");
    private static final Tokenizer TOKENIZER = Tokenizer.learn(PAIRS.captions(), 1024);
    private static final int IMAGE = 3 * 32 * 32;

    private static Augmentation views(PairSet pairs, ImageAugmentation images, long seed) {
        return new Augmentation(pairs, images, TextAugmentation.embedded(), TOKENIZER, 32, seed);
    }

    @Test
    void sameDrawInAnyOrderAndCompany() {
        Augmentation views = views(PAIRS, ImageAugmentation.small(), 7);
        Batch both = views.draw(new int[] {10, 4000, 77}, 3, 2);
        Batch swapped = views.draw(new int[] {77, 10}, 3, 2);
        Batch first = views.draw(new int[] {10, 4000, 77}, 3, 1);
        assertThat(Arrays.copyOfRange(both.images(), 2 * IMAGE, 3 * IMAGE))
                .isEqualTo(Arrays.copyOfRange(swapped.images(), 0, IMAGE));
        assertThat(both.view(0).images()).isEqualTo(first.images());
        assertThat(both.view(0).images()).isNotEqualTo(both.view(1).images());
        assertThat(views.draw(new int[] {10, 4000, 77}, 4, 1).images()).isNotEqualTo(first.images());
        assertThat(views(PAIRS, ImageAugmentation.small(), 8)
                        .draw(new int[] {10, 4000, 77}, 3, 1)
                        .images())
                .isNotEqualTo(first.images());
    }

    @Test
    void theFirstViewCanBeThePairAsItIs() {
        Augmentation views = views(PAIRS, ImageAugmentation.small(), 7);
        int[] some = {10, 4000, 77};
        Batch plain = views.plain(some);
        assertThat(views.draw(some, 3, 1, true).images()).isEqualTo(plain.images());
        assertThat(views.draw(some, 3, 1, true).tokens()).isEqualTo(plain.tokens());
        Batch both = views.draw(some, 3, 2, true);
        assertThat(both.view(0).images()).isEqualTo(plain.images());
        assertThat(both.view(1).images())
                .isEqualTo(views.draw(some, 3, 2).view(1).images());
    }

    @Test
    void staticCaptionsAreDrawnOnceAndPicturesStillAnew() {
        Augmentation views = views(PAIRS, ImageAugmentation.small(), 7).withStaticTexts();
        int[] some = IntStream.range(0, 64).toArray();
        Batch first = views.draw(some, 1, 2);
        Batch second = views.draw(some, 2, 2);
        assertThat(second.tokens()).isEqualTo(first.tokens());
        assertThat(second.images()).isNotEqualTo(first.images());
        assertThat(first.view(0).tokens()).isNotEqualTo(first.view(1).tokens());
        Augmentation anew = views(PAIRS, ImageAugmentation.small(), 7);
        assertThat(anew.draw(some, 2, 2).tokens())
                .isNotEqualTo(anew.draw(some, 1, 2).tokens());
    }

    @Test
    void shapesAndRangesHold() {
        Augmentation views = views(PAIRS, ImageAugmentation.small(), 1);
        int[] indices = IntStream.range(0, 64).toArray();
        Batch batch = views.draw(indices, 1, 2);
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
    void plainIsTheNormalisedPicture() {
        Batch batch = views(PAIRS, ImageAugmentation.small(), 1).plain(new int[] {5, 6});
        byte[] px = PAIRS.image(6);
        float blue = ((px[(3 * 32 + 4) * 3 + 2] & 0xff) / 255f - .40821073f) / .27577711f;
        assertThat(batch.images()[IMAGE + 2 * 1024 + 3 * 32 + 4]).isCloseTo(blue, offset(1e-5f));
        assertThat(TOKENIZER.decode(Arrays.copyOfRange(batch.tokens(), batch.length(), 2 * batch.length())))
                .isEqualTo(TOKENIZER.decode(TOKENIZER.encode(PAIRS.caption(6))));
    }

    @Test
    void noStrengthMeansNoChange() {
        ImageAugmentation still = new ImageAugmentation(32, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3, .1f, .6f);
        Augmentation views = views(PAIRS, still, 2);
        assertThat(views.draw(new int[] {1, 2}, 1, 1).images())
                .isEqualTo(views.plain(new int[] {1, 2}).images());
    }

    @Test
    void picturesOfLeftAndRightAreNotMirrored() {
        ImageAugmentation mirror = new ImageAugmentation(32, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 3, .1f, .6f);
        byte[] px = new byte[3072];
        new SplittableRandom(1).nextBytes(px);
        PairSet pairs = PairSet.of(
                32,
                List.of(
                        new Pair(px, "a left arrow"),
                        new Pair(px, "Rightwards hand"),
                        new Pair(px, "a bright copyright")));
        Augmentation views = views(pairs, mirror, 2);
        float[] seen = views.draw(new int[] {0, 1, 2}, 1, 1).images();
        float[] plain = views.plain(new int[] {0, 1, 2}).images();
        assertThat(Arrays.equals(seen, 0, 2 * IMAGE, plain, 0, 2 * IMAGE)).isTrue();
        assertThat(seen[2 * IMAGE]).isEqualTo(plain[2 * IMAGE + 31]);
    }

    @Test
    void batchesPartitionThePairs() {
        int[] indices = IntStream.range(100, 210).toArray();
        List<int[]> batches = Batches.shuffled(indices, 20, 3, 1);
        int[] seen = batches.stream().flatMapToInt(Arrays::stream).sorted().toArray();
        assertThat(batches).hasSize(5).allMatch(batch -> batch.length == 20);
        assertThat(Arrays.stream(seen).distinct().count()).isEqualTo(100);
        assertThat(Arrays.stream(seen).allMatch(i -> i >= 100 && i < 210)).isTrue();
        assertThat(Batches.shuffled(indices, 20, 3, 1).get(2)).isEqualTo(batches.get(2));
        assertThat(Batches.shuffled(indices, 20, 3, 2).get(2)).isNotEqualTo(batches.get(2));
        assertThat(Batches.shuffled(indices, 200, 3, 2)).isEmpty();
        assertThat(indices).isSorted();
        assertThatThrownBy(() -> Batches.shuffled(indices, 0, 3, 2)).hasMessageContaining("batch size is 0");
    }

    @Test
    void prefetchGivesTheSameBatches() {
        Augmentation views = views(PAIRS, ImageAugmentation.small(), 4);
        List<int[]> order = Batches.shuffled(IntStream.range(0, 64).toArray(), 16, 4, 1);
        List<Batch> ahead = new ArrayList<>();
        try (Prefetch prefetch = new Prefetch(order, indices -> views.draw(indices, 1, 2))) {
            prefetch.forEachRemaining(ahead::add);
        }
        assertThat(ahead).hasSize(4);
        Collections.reverse(ahead);
        for (int i = 0; i < 4; i++) {
            assertThat(ahead.get(i).images())
                    .isEqualTo(views.draw(order.get(3 - i), 1, 2).images());
        }
    }

    @Test
    void prefetchReportsFailures() {
        try (Prefetch prefetch = new Prefetch(List.of(new int[] {-1}), views(PAIRS, ImageAugmentation.small(), 4)::plain)) {
            assertThatThrownBy(prefetch::next).hasMessageContaining("could not be prepared");
            assertThat(prefetch.hasNext()).isFalse();
        }
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
