package org.safeclip.opencl;

/**
 * How work is divided into work-groups. A group of the CPU family must outweigh the cost of its call, and there must be
 * enough groups for every compute unit. A GPU gets as many items as possible, yet groups of a few KiB, since it starts
 * about one group a clock: groups of 128 numbers reach 40 % of an H200's memory rate. The division changes no result that
 * is not a sum: one work-item computes each number, in a fixed order.
 */
final class LaunchGeometry {
    /** Numbers of a group of the CPU family, where there are enough. */
    private static final int GROUP_NUMBERS = 1 << 13;

    private static final int GROUPS_PER_UNIT = 4;
    /** Numbers of a row for each of its items on a GPU, at most, where a group is large enough. */
    private static final int NUMBERS_PER_ITEM = 16;
    /** The same where numbers are moved one by one. */
    private static final int SINGLES_PER_ITEM = 4;
    /** Columns of a group that may stand empty. */
    private static final int MOST_WASTED = 32;

    private final int items;
    private final int vector;
    private final int units;
    private final boolean cpu;

    LaunchGeometry(Queue queue) {
        this.items = queue.lanes();
        this.vector = queue.family().vector();
        this.units = queue.device().units();
        this.cpu = queue.family() == Family.CPU;
    }

    static long ceil(long n, long by) {
        return (n + by - 1) / by;
    }

    /** The group of kernels over plain numbers, which begin at a multiple of every vector. */
    WorkGroup plainGroup() {
        return new WorkGroup(items, items, vector);
    }

    /** The group of kernels over single numbers, each wherever it is. */
    WorkGroup singleGroup() {
        return cpu ? plainGroup() : new WorkGroup(items, items, 1);
    }

    /** The group of kernels that reduce rows of so many neighbours, one row after the other. */
    WorkGroup rowGroup(int cols) {
        return rowGroup(cols, cols);
    }

    /**
     * The group of kernels that reduce rows of so many neighbours which begin at multiples of {@code step}: in vectors
     * where both allow it.
     */
    WorkGroup rowGroup(int cols, int step) {
        return cpu ? plainGroup() : rowGroup(cols, width(cols, step), NUMBERS_PER_ITEM);
    }

    /** The group of kernels that move such rows. */
    WorkGroup moveGroup(int cols, int step) {
        int width = width(cols, step);
        return cpu ? plainGroup() : rowGroup(cols, width, width == 1 ? SINGLES_PER_ITEM : NUMBERS_PER_ITEM);
    }

    /** The group of kernels over rows of single numbers, so many items for each. */
    WorkGroup singleRowGroup(int rowItems) {
        return cpu ? plainGroup() : new WorkGroup(items, Math.min(items, Integer.highestOneBit(rowItems)), 1);
    }

    /** The group of kernels over columns, at most {@code most} of them in a group, whose other items take further rows. */
    WorkGroup columnGroup(int cols, int most) {
        if (cpu) {
            return plainGroup();
        }
        int width = width(cols, cols);
        int columns = most;
        while (columns > MOST_WASTED && cols % columns != 0 && cols < 4 * columns) {
            columns /= 2;
        }
        return new WorkGroup(items, Math.min(items, columns / width), width);
    }

    private int width(int cols, int step) {
        return cols % vector == 0 && step % vector == 0 ? vector : 1;
    }

    private WorkGroup rowGroup(int cols, int width, int most) {
        int rowItems = 1;
        while (rowItems < items && rowItems * most < cols) {
            rowItems *= 2;
        }
        return new WorkGroup(items, rowItems, width);
    }

    /** Vectors for each item of a group, over n numbers. */
    int vectors(long n) {
        return cpu ? per(ceil(n, vector), vector) : 1;
    }

    /** Numbers for each item of a group, over n numbers that cost {@code weight} each. */
    int numbers(long n, long weight) {
        return cpu ? per(n, weight) : 1;
    }

    /** Rows of a group one after the other, over rows that cost {@code cols} each. */
    int rows(long rows, long cols) {
        return cpu ? per(rows, cols) : 1;
    }

    /** Groups over rows of so many neighbours. */
    long groups(int rows, int cols) {
        return groups(rows, cols, rowGroup(cols));
    }

    /** Such groups over rows of so many neighbours. */
    long groups(int rows, int cols, WorkGroup group) {
        return ceil(rows, cpu ? rows(rows, cols) : group.rows());
    }

    private int per(long count, long weight) {
        long worth = Math.max(1, GROUP_NUMBERS / Math.max(1, weight));
        long fair = ceil(count, (long) units * GROUPS_PER_UNIT);
        return (int) Math.max(1, Math.min(worth, fair));
    }

    /** Groups over n plain numbers, with that many vectors for each item. */
    long plainGroups(long n, int vectors) {
        return ceil(n, (long) vectors * vector * items);
    }
}
