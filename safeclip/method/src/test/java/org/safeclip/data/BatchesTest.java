package org.safeclip.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.safeclip.data.Augmentation.Strength.STRONG;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.TestPairs;

/** Batches partition the pairs, and are the same whether they are prepared ahead or not. */
class BatchesTest {
    private static final RandomKey KEY = RandomKey.of(3);

    @Test
    void batchesPartitionThePairs() {
        int[] indices = IntStream.range(100, 210).toArray();
        List<int[]> batches = Batches.shuffled(indices, 20, KEY, 1);
        int[] seen = batches.stream().flatMapToInt(Arrays::stream).sorted().toArray();
        assertThat(batches).hasSize(5).allMatch(batch -> batch.length == 20);
        assertThat(Arrays.stream(seen).distinct().count()).isEqualTo(100);
        assertThat(Arrays.stream(seen).allMatch(i -> i >= 100 && i < 210)).isTrue();
        assertThat(Batches.shuffled(indices, 20, KEY, 1).get(2)).isEqualTo(batches.get(2));
        assertThat(Batches.shuffled(indices, 20, KEY, 2).get(2)).isNotEqualTo(batches.get(2));
        assertThat(Batches.shuffled(indices, 200, KEY, 2)).isEmpty();
        assertThat(indices).isSorted();
        assertThatThrownBy(() -> Batches.shuffled(indices, 0, KEY, 2)).hasMessageContaining("batch size is 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void prefetchGivesTheSameBatchesWithAnyNumberOfThreads(int threads) {
        Augmentation views = TestPairs.of(64).augmentation();
        List<int[]> order = Batches.shuffled(IntStream.range(0, 64).toArray(), 16, KEY, 1);
        List<Batch> ahead = new ArrayList<>();
        try (Prefetch<int[], Batch> prefetch =
                new Prefetch<>(order, threads, indices -> views.views(indices, 1, 2, STRONG))) {
            prefetch.forEachRemaining(ahead::add);
        }
        assertThat(ahead).hasSize(4);
        Collections.reverse(ahead);
        for (int i = 0; i < 4; i++) {
            assertThat(ahead.get(i).images())
                    .isEqualTo(views.views(order.get(3 - i), 1, 2, STRONG).images());
        }
    }

    @Test
    void prefetchHoldsNoMoreItemsThanThreads() {
        AtomicInteger prepared = new AtomicInteger();
        try (Prefetch<Integer, Integer> prefetch =
                new Prefetch<>(IntStream.range(0, 100).boxed().toList(), 3, item -> {
                    prepared.incrementAndGet();
                    return item;
                })) {
            for (int item = 0; item < 100; item++) {
                assertThat(prefetch.next()).isEqualTo(item);
                assertThat(prepared.get()).isBetween(item + 1, item + 4);
            }
            assertThat(prefetch.hasNext()).isFalse();
        }
    }

    @Test
    void prefetchReportsFailures() {
        Augmentation views = TestPairs.of(64).augmentation();
        try (Prefetch<int[], Batch> prefetch = new Prefetch<>(List.of(new int[] {-1}), 1, views::plain)) {
            assertThatThrownBy(prefetch::next).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(prefetch.hasNext()).isFalse();
        }
    }
}
