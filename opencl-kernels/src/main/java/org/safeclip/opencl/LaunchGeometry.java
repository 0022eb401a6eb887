package org.safeclip.opencl;

/**
 * How work is divided into work-groups. A group of the CPU family must outweigh the cost of its call, and there must be
 * enough groups for every compute unit; a GPU gets as many as possible. The division changes no result: one work-item
 * computes each number, in a fixed order.
 */
final class LaunchGeometry {
    /** Numbers of a group of the CPU family, where there are enough. */
    private static final int GROUP_NUMBERS = 1 << 13;

    private static final int GROUPS_PER_UNIT = 4;

    private final int lanes;
    private final int vector;
    private final int units;
    private final boolean cpu;

    LaunchGeometry(Queue queue) {
        this.lanes = queue.lanes();
        this.vector = queue.family().vector();
        this.units = queue.device().units();
        this.cpu = queue.family() == Family.CPU;
    }

    static long ceil(long n, long by) {
        return (n + by - 1) / by;
    }

    /** Vectors for each lane of a group, over n numbers. */
    int vectors(long n) {
        return cpu ? per(ceil(n, vector), vector) : 1;
    }

    /** Numbers for each lane of a group, over n numbers that cost {@code weight} each. */
    int numbers(long n, long weight) {
        return cpu ? per(n, weight) : 1;
    }

    /** Rows of a group, over rows that cost {@code cols} each. */
    int rows(long rows, long cols) {
        return cpu ? per(rows, cols) : 1;
    }

    private int per(long count, long weight) {
        long worth = Math.max(1, GROUP_NUMBERS / Math.max(1, weight));
        long fair = ceil(count, (long) units * GROUPS_PER_UNIT);
        return (int) Math.max(1, Math.min(worth, fair));
    }

    /** Groups over n numbers, with that many vectors for each lane. */
    long groups(long n, int vectors) {
        return ceil(n, (long) vectors * vector * lanes);
    }

    /** Groups that cover the columns of a matrix, a vector for each lane. */
    int blocks(int cols) {
        return (int) ceil(cols, (long) vector * lanes);
    }
}
