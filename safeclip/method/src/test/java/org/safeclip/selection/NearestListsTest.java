package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** Lists of the nearest rows of parts. */
class NearestListsTest {
    private static final int WIDTH = 5;

    @Test
    void listsHoldTheNearestOfEachOtherPartInOrder() throws Exception {
        SplittableRandom random = new SplittableRandom(4);
        FeatureRows pool = rows(90, random);
        FeatureRows queries = rows(40, random);
        int[] part = random.ints(90, 0, 7).map(drawn -> drawn == 3 ? 5 : drawn).toArray(); // one part is empty
        int[] own = random.ints(40, 0, 7).toArray();
        try (Backend backend = Backends.open("simd")) {
            NearestLists lists = NearestLists.of(backend, queries, own, pool, part, 4);
            for (int query = 0; query < 40; query++) {
                float above = Float.POSITIVE_INFINITY;
                for (int place = 0; place < 4; place++) {
                    int row = lists.row(query, place);
                    float cosine = lists.cosine(query, place);
                    assertThat(part[row]).isNotEqualTo(own[query]);
                    assertThat(cosine)
                            .isEqualTo(queries.cosine(query, pool, row))
                            .isLessThanOrEqualTo(above);
                    assertThat(row).isEqualTo(nearest(queries, query, pool, part, part[row]));
                    above = cosine;
                }
                int asked = query;
                long better = IntStream.range(0, 7)
                        .filter(other -> other != own[asked] && other != 3)
                        .filter(other -> queries.cosine(asked, pool, nearest(queries, asked, pool, part, other))
                                > lists.cosine(asked, 3))
                        .count();
                assertThat(better).isEqualTo(3);
            }
        }
    }

    @Test
    void mergedListsHoldEveryRowOnceWithItsLargerCosine() {
        NearestLists one = new NearestLists(3, new int[] {4, 7, 1}, new float[] {.9f, .5f, .4f});
        NearestLists two = new NearestLists(3, new int[] {7, 4, 2}, new float[] {.8f, .3f, .1f});
        NearestLists both = one.with(two);
        assertThat(both.rows()).containsExactly(4, 7, 1);
        assertThat(both.cosines()).containsExactly(.9f, .8f, .4f);
        assertThat(two.with(one)).usingRecursiveComparison().isEqualTo(both);
    }

    @Test
    void whereThereAreFewPartsAListEndsEarly() throws Exception {
        FeatureRows rows = rows(6, new SplittableRandom(1));
        int[] part = {0, 1, 0, 1, 0, 1};
        try (Backend backend = Backends.open("simd")) {
            NearestLists lists = NearestLists.of(backend, rows, part, rows, part, 3);
            assertThat(part[lists.row(0, 0)]).isEqualTo(1);
            assertThat(lists.row(0, 1)).isEqualTo(-1);
            assertThat(lists.cosine(0, 1)).isEqualTo(Float.NEGATIVE_INFINITY);
        }
    }

    private static int nearest(FeatureRows queries, int query, FeatureRows pool, int[] part, int wanted) {
        int best = -1;
        for (int row = 0; row < part.length; row++) {
            if (part[row] == wanted
                    && (best < 0 || queries.cosine(query, pool, row) > queries.cosine(query, pool, best))) {
                best = row;
            }
        }
        return best;
    }

    private static FeatureRows rows(int count, SplittableRandom random) {
        float[] values = new float[count * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return FeatureRows.normalised(values, WIDTH);
    }
}
