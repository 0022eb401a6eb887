package org.safeclip.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** One pass over some pairs in random order: whole batches only, the incomplete last one is dropped. */
public final class Batches {

    private static final int ORDER = -1; // no pair has this index, so shuffles and views never share a stream

    private Batches() {}

    /**
     * The batches of one pass.
     *
     * @param indices the pairs to visit
     * @param size B
     * @return floor(indices / B) arrays of B indices; none when there are fewer pairs than B
     */
    public static List<int[]> shuffled(int[] indices, int size, long seed, int epoch) {
        if (size < 1) {
            throw new IllegalArgumentException("batch size is " + size + ", expected at least 1");
        }
        int[] order = indices.clone();
        SplittableRandom random = Draws.of(seed, epoch, ORDER, 0);
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
