package org.safeclip.tensor.backend;

/**
 * How a vector of {@code count} elements broadcasts over a larger array {@code [outer, count, inner]}: element {@code
 * [o, c, i]} of the array meets element {@code c} of the vector. {@link Kernels#zip} repeats the vector, {@link
 * Kernels#reduce} reduces the array to it.
 *
 * @param outer repetitions of the whole vector
 * @param count length of the vector
 * @param inner consecutive elements that share one element of the vector
 */
public record BroadcastShape(int outer, int count, int inner) {
    /** Two arrays of equal size: no repetition. */
    public static BroadcastShape same(int count) {
        return new BroadcastShape(1, count, 1);
    }

    /** One element for each column of a matrix, repeated over its rows, such as a bias. */
    public static BroadcastShape overRows(int rows, int cols) {
        return new BroadcastShape(rows, cols, 1);
    }

    /** Number of elements of the larger array. */
    public int size() {
        return outer * count * inner;
    }
}
