package org.safeclip.opencl;

import java.util.Comparator;
import java.util.stream.Stream;
import org.safeclip.tensor.backend.AttentionShape;

/**
 * The tile of scores that a work-group of {@code attention_gpu.cl} computes at a time: {@code wide x tall} work-items with
 * {@code rows x columns} scores each.
 *
 * @param head width of a head
 * @param backward whether it is of the gradient's kernels
 */
record AttentionTile(int head, boolean backward, int wide, int tall, int rows, int columns) {
    /**
     * Tiles of the forward pass, and what a score costs in them, in percent of the best: measured on an H200 with heads
     * of 64 numbers.
     */
    private static final int[][] FORWARD = {
        {8, 8, 5, 4, 100},
        {8, 8, 5, 3, 104},
        {8, 8, 7, 4, 105},
        {8, 12, 3, 3, 114},
        {4, 8, 3, 5, 113},
        {8, 8, 4, 2, 116}
    };

    private static final int[][] BACKWARD = {
        {8, 8, 5, 4, 100},
        {8, 8, 4, 4, 101},
        {8, 8, 5, 3, 105},
        {8, 12, 3, 3, 107},
        {8, 8, 4, 2, 109},
        {4, 8, 3, 5, 113},
        {8, 4, 5, 3, 117},
        {16, 4, 4, 2, 120}
    };
    /** For processors, where the kernels for GPUs are only tested: their compilers take long over large tiles. */
    private static final int[][] TEST = {{4, 4, 2, 2, 100}};
    /** For any device and any head: 16 work-items, a score each. */
    private static final int[] SMALLEST = {4, 4, 1, 1};

    static AttentionTile forward(AttentionShape s, OpenClDevice device) {
        return cheapest(s, device, FORWARD, false);
    }

    static AttentionTile backward(AttentionShape s, OpenClDevice device) {
        return cheapest(s, device, BACKWARD, true);
    }

    private static AttentionTile cheapest(AttentionShape s, OpenClDevice device, int[][] choices, boolean backward) {
        return Stream.of(device.cpu() ? TEST : choices)
                .filter(choice -> of(s, backward, choice).fits(device))
                .min(Comparator.comparingLong(choice -> of(s, backward, choice).scores(s) * choice[choice.length - 1]))
                .map(choice -> of(s, backward, choice))
                .orElse(of(s, backward, SMALLEST));
    }

    private static AttentionTile of(AttentionShape s, boolean backward, int... choice) {
        return new AttentionTile(s.headWidth(), backward, choice[0], choice[1], choice[2], choice[3]);
    }

    int items() {
        return wide * tall;
    }

    /** Rows of the group's own side. */
    int own() {
        return tall * rows;
    }

    /** Rows of the other side at a time. */
    private int other() {
        return wide * columns;
    }

    String options() {
        return (backward ? "-DBACKWARD " : "") + "-DHEAD=" + head + " -DWIDE=" + wide + " -DTALL=" + tall
                + " -DROWS_EACH=" + rows + " -DCOLUMNS_EACH=" + columns;
    }

    /** Scores computed for a head, those in vain included. */
    private long scores(AttentionShape s) {
        long scores = 0;
        for (int from = 0; from < s.tokens(); from += own()) {
            int seen = s.causal() ? Math.min(s.tokens(), from + own()) : s.tokens();
            scores += (long) own() * LaunchGeometry.ceil(seen, other()) * other();
        }
        return scores;
    }

    private boolean fits(OpenClDevice device) {
        return items() <= device.largestGroup() && bytes() <= device.localMemory();
    }

    /** Bytes in local memory. */
    long bytes() {
        long row = 16 * (LaunchGeometry.ceil(head, 4) | 1);
        long tile = 16L * own() * (other() / 4 | 1);
        long tops = 4L * own() * wide;
        return backward
                ? 2L * (own() + other()) * row + tile + Math.max(tops, 8L * other())
                : (own() + 2 * other()) * row + tile + tops;
    }
}
