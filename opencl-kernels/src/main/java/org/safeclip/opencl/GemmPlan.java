package org.safeclip.opencl;

import org.safeclip.tensor.backend.MatMulShape;

/**
 * How a product is cut for a GPU that computes so many blocks of y at a time. A last round that is nearly empty takes as
 * long as a full one, so k is cut into as many slices as make the rounds full; but the sums of slices have to be
 * written, read and added.
 *
 * @param split the slices of k
 * @param time estimated, in multiplications that the device could have done
 */
record GemmPlan(SplitK split, double time) {
    private static final int SHORTEST = 128; // steps of k in a slice
    private static final int MOST = 256; // slices
    private static final int START = 16; // steps of k that a group could do while it starts and ends

    /**
     * The plan of least time.
     *
     * @param atOnce blocks that the device computes at a time
     * @param step slices are multiples of that many steps of k
     * @param moved multiplications that it could do while it moves a number to or from memory
     */
    static GemmPlan of(MatMulShape s, int blockRows, int blockCols, long atOnce, int step, int moved) {
        GemmPlan best = cut(s, blockRows, blockCols, atOnce, step, moved, 1);
        int most = s.batch() > 1 ? 1 : Math.min(MOST, s.k() / SHORTEST);
        for (int count = 2; count <= most; count++) {
            GemmPlan plan = cut(s, blockRows, blockCols, atOnce, step, moved, count);
            best = plan.time < best.time ? plan : best;
        }
        return best;
    }

    private static GemmPlan cut(
            MatMulShape s, int blockRows, int blockCols, long atOnce, int step, int moved, int wanted) {
        int length = (int) (LaunchGeometry.ceil(LaunchGeometry.ceil(Math.max(1, s.k()), wanted), step) * step);
        int count = (int) LaunchGeometry.ceil(Math.max(1, s.k()), length);
        long blocks = s.batch() * LaunchGeometry.ceil(s.m(), blockRows) * LaunchGeometry.ceil(s.n(), blockCols) * count;
        double multiplying = (double) LaunchGeometry.ceil(blocks, atOnce)
                * atOnce
                * blockRows
                * blockCols
                * (Math.min(length, s.k()) + START);
        double adding = count == 1 ? 0 : (2.0 * count + 1) * s.m() * s.n() * moved;
        return new GemmPlan(new SplitK(count, length), multiplying + adding);
    }
}
