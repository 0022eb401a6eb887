package org.safeclip.tensor.backend;

/**
 * Sizes of a row-major matrix, the operand of every row-wise kernel.
 *
 * @param rows number of rows
 * @param cols numbers in each row
 */
public record MatrixShape(int rows, int cols) {
    /** Number of elements. */
    public int size() {
        return rows * cols;
    }
}
