package org.safeclip.baseline;

import java.util.stream.IntStream;
import org.safeclip.data.PairSet;

/**
 * The trivial defence: it drops all pairs of an image that is in too many pairs. It catches targeted poisoning as published, which
 * repeats one unaltered image, and nothing that changes a pixel between the copies.
 */
public final class DuplicateFilter {
    private DuplicateFilter() {}

    /**
     * The pairs that stay, ascending.
     *
     * @param most pairs that may show exactly the same image; honest images have a pair for each of their captions
     */
    public static int[] kept(PairSet pairs, int most) {
        int[] copies = pairs.copies();
        return IntStream.range(0, copies.length).filter(i -> copies[i] <= most).toArray();
    }
}
