package org.safeclip.tensor.backend;

import org.jspecify.annotations.Nullable;

/**
 * Sizes and operands of a linear layer x·wᵀ + bias.
 *
 * @param rows rows of x, and of the result
 * @param in columns of x and w
 * @param out rows of w, columns of the result
 * @param x {@code [rows, in]}
 * @param w weight, {@code [out, in]}
 * @param bias {@code [out]}, or null for none
 */
public record LinearInput(
        int rows,
        int in,
        int out,
        Storage x,
        Storage w,
        @Nullable Storage bias) {
    /** The product x·wᵀ as a matrix product {@code [rows, in]·[in, out]}. */
    public MatMulShape product() {
        return new MatMulShape(1, rows, out, in, false, true);
    }

    /** Number of elements of the result {@code [rows, out]}. */
    public int size() {
        return rows * out;
    }
}
