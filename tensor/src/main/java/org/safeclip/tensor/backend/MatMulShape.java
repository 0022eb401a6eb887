package org.safeclip.tensor.backend;

/**
 * Sizes of {@code batch} independent products y = op(a)·op(b).
 *
 * @param batch number of products, stored one after the other
 * @param m rows of op(a) and y
 * @param n columns of op(b) and y
 * @param k columns of op(a), rows of op(b)
 * @param transposeA a is stored {@code [k, m]} instead of {@code [m, k]}
 * @param transposeB b is stored {@code [n, k]} instead of {@code [k, n]}
 */
public record MatMulShape(int batch, int m, int n, int k, boolean transposeA, boolean transposeB) {
    /** A single product {@code [m, k]·[k, n]}, nothing transposed. */
    public static MatMulShape of(int m, int n, int k) {
        return new MatMulShape(1, m, n, k, false, false);
    }
}
