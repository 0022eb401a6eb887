package org.safeclip.tensor.backend;

/**
 * How a run of {@code count} numbers lies across a larger array of {@code outer x count x inner}: element {@code [o, c,
 * i]} of the large array meets element {@code c} of the small one. The same record serves {@link Kernels#zip} (the small
 * operand is repeated) and {@link Kernels#reduce} (the large one is reduced).
 *
 * @param outer how often the run repeats
 * @param count length of the run
 * @param inner how many neighbouring elements share one number of the run
 */
public record BroadcastShape(int outer, int count, int inner) {
    /** Two arrays of equal size. */
    public static BroadcastShape same(int count) {
        return new BroadcastShape(1, count, 1);
    }

    /** One number for each column of a matrix (a bias). */
    public static BroadcastShape overRows(int rows, int cols) {
        return new BroadcastShape(rows, cols, 1);
    }

    /** One number for each row of a matrix. */
    public static BroadcastShape overColumns(int rows, int cols) {
        return new BroadcastShape(1, rows, cols);
    }

    /** Number of elements of the larger array. */
    public int size() {
        return outer * count * inner;
    }
}
