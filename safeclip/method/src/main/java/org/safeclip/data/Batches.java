package org.safeclip.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Divides pairs into batches in random order; an incomplete last batch is dropped. */
public final class Batches {

    private Batches() {}

    /**
     * The batches of one pass.
     *
     * @param indices the pairs to visit
     * @param size B
     * @param key origin of the order
     * @param draw the number of the draw, see {@link RandomKey}
     * @return floor(indices / B) arrays of B indices; none when there are fewer pairs than B
     */
    public static List<int[]> shuffled(int[] indices, int size, RandomKey key, int draw) {
        if (size < 1) {
            throw new IllegalArgumentException("batch size is " + size + ", expected at least 1");
        }
        int[] order = indices.clone();
        SplittableRandom random = key.order(draw);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        List<int[]> batches = new ArrayList<>(order.length / size);
        for (int from = 0; from + size <= order.length; from += size) {
            batches.add(Arrays.copyOfRange(order, from, from + size));
        }
        return batches;
    }
}
