package org.safeclip.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Pairs whose images are in memory or in another store: the same set either way, also after an attack's steps. */
class PairSetTest {
    private static final int SIDE = 4;

    /** A store that makes a new array at every call. */
    private record Store(List<byte[]> images, boolean colliding) implements ImageStore {
        @Override
        public int size() {
            return images.size();
        }

        @Override
        public int side() {
            return SIDE;
        }

        @Override
        public byte[] read(int image) {
            return images.get(image).clone();
        }

        @Override
        public long hash(int image) {
            return colliding ? 7 : ImageHash.of(images.get(image));
        }
    }

    private static byte[] image(int number) {
        byte[] pixels = new byte[SIDE * SIDE * 3];
        new SplittableRandom(number).nextBytes(pixels);
        return pixels;
    }

    private static PairSet stored(boolean colliding) {
        return PairSet.of(
                new Store(List.of(image(0), image(1), image(0), image(2)), colliding),
                new int[] {3, 2, 0, 1, 3, 2},
                List.of("a", "b", "c", "d", "e", "f"));
    }

    @Test
    void imagesOfOneHashAreToldApartByTheirBytes() {
        assertThat(stored(true).firstShown()).containsExactly(0, 1, 1, 3, 0, 1);
    }

    @Test
    void aStoreGivesTheSameSetAsMemory() {
        PairSet stored = stored(false);
        List<Pair> pairs = new ArrayList<>();
        for (int number : new int[] {2, 0, 0, 1, 2, 0}) {
            pairs.add(new Pair(image(number), String.valueOf("abcdef".charAt(pairs.size()))));
        }
        assertEqual(stored, PairSet.of(SIDE, pairs));
        assertThat(stored.firstShown()).containsExactly(0, 1, 1, 3, 0, 1);
        assertThat(stored.copies()).containsExactly(2, 3, 3, 1, 2, 3);

        List<Pair> more = List.of(new Pair(image(1), "g"), new Pair(image(5), "h"));
        Map<Integer, Pair> changes = Map.of(0, new Pair(image(5), "i"), 7, new Pair(image(2), "j"));
        PairSet attacked = stored.with(more).replaced(changes).with(more);
        assertEqual(
                attacked, PairSet.of(SIDE, pairs).with(more).replaced(changes).with(more));
        assertThat(attacked.captions()).containsExactly("i", "b", "c", "d", "e", "f", "g", "j", "g", "h");
        assertThat(attacked.firstShown()).containsExactly(0, 1, 1, 3, 4, 1, 3, 4, 3, 0);
        assertThat(stored.captions()).containsExactly("a", "b", "c", "d", "e", "f");
        assertThat(stored.image(0)).isEqualTo(image(2));
    }

    private static void assertEqual(PairSet one, PairSet other) {
        assertThat(one.captions()).isEqualTo(other.captions());
        assertThat(one.firstShown()).isEqualTo(other.firstShown());
        assertThat(one.copies()).isEqualTo(other.copies());
        for (int i = 0; i < one.size(); i++) {
            assertThat(one.image(i)).isEqualTo(other.image(i));
        }
    }

    @Test
    void equalArraysAreKeptOnce() {
        byte[] shared = image(1);
        PairSet set = PairSet.of(SIDE, List.of(new Pair(shared, "a"), new Pair(shared, "b"), new Pair(image(1), "c")));
        assertThat(set.pixels(0)).isSameAs(set.pixels(1)).isNotSameAs(shared);
        assertThat(set.firstShown()).containsExactly(0, 0, 0);
        shared[0]++;
        assertThat(set.image(0)).isEqualTo(image(1));
    }

    @Test
    void wrongNumbersAreRefused() {
        ImageStore two = new Store(List.of(image(0), image(1)), false);
        assertThatThrownBy(() -> PairSet.of(two, new int[] {0, 2}, List.of("a", "b")))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> PairSet.of(two, new int[] {0, 1}, List.of("a")))
                .hasMessageContaining("2 images but 1 captions");
        assertThatThrownBy(() -> PairSet.of(SIDE, List.of(new Pair(new byte[3], "a"))))
                .hasMessageContaining("image 0 has 3 bytes, expected 48");
    }
}
