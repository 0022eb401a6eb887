package org.safeclip.opencl;

/**
 * How the items of a work-group share rows of numbers: the sizes {@code LANES}, {@code ROW_LANES} and {@code V} of {@code
 * common.cl}.
 *
 * @param items work-items of a group, a power of two
 * @param rowItems those who share one row, a power of two
 * @param vector numbers an item takes at a time
 */
record WorkGroup(int items, int rowItems, int vector) {
    /** Rows of a group at a time. */
    int rows() {
        return items / rowItems;
    }

    /** Numbers of a row that its items take at a time. */
    int columns() {
        return rowItems * vector;
    }

    String options() {
        return "-DLANES=" + items + " -DROW_LANES=" + rowItems + " -DV=" + vector;
    }
}
