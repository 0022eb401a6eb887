package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost loop of every matrix product: a tile of {@link #ROWS} x {@link #COLS} results held in registers while k
 * runs.
 *
 * <p>Eight accumulators, two vectors of b and four numbers of a make 14 registers. The compiler schedules all loads of
 * the loop body first, so a tile with more would spill an accumulator on processors with 16 vector registers and lose
 * more than half of the speed; unrolling over k by hand does the same.
 */
final class SimdTile {
    /** Rows of a tile. */
    static final int ROWS = 4;

    /** Columns of a tile: two vectors. */
    static final int COLS = 2 * LANES;

    /** What is added where nothing is. */
    static final float[] NOTHING = new float[COLS];

    private SimdTile() {}

    /**
     * c = a·b + add for a tile whose four rows of a lie in place, each contiguous over k.
     *
     * @param k length of the sum
     * @param a holds the rows, which start at a0, a1, a2 and a3 (the last one repeated where there are fewer)
     * @param b a packed panel {@code [k, COLS]} at b0
     * @param add what is added at the end: COLS numbers a row, rows addStride apart (0: the same for every row)
     * @param rows how many rows of c are written
     */
    static void rows(
            int k,
            float[] a,
            int a0,
            int a1,
            int a2,
            int a3,
            float[] b,
            int b0,
            float[] add,
            int add0,
            int addStride,
            float[] c,
            int c0,
            int cStride,
            int rows) {
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        for (int p = 0; p < k; p++) {
            FloatVector left = FloatVector.fromArray(SPECIES, b, b0 + p * COLS);
            FloatVector right = FloatVector.fromArray(SPECIES, b, b0 + p * COLS + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + p]);
            s00 = x0.fma(left, s00);
            s01 = x0.fma(right, s01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + p]);
            s10 = x1.fma(left, s10);
            s11 = x1.fma(right, s11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + p]);
            s20 = x2.fma(left, s20);
            s21 = x2.fma(right, s21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + p]);
            s30 = x3.fma(left, s30);
            s31 = x3.fma(right, s31);
        }
        s00.add(FloatVector.fromArray(SPECIES, add, add0)).intoArray(c, c0);
        s01.add(FloatVector.fromArray(SPECIES, add, add0 + LANES)).intoArray(c, c0 + LANES);
        if (rows > 1) {
            int from = add0 + addStride;
            int to = c0 + cStride;
            s10.add(FloatVector.fromArray(SPECIES, add, from)).intoArray(c, to);
            s11.add(FloatVector.fromArray(SPECIES, add, from + LANES)).intoArray(c, to + LANES);
        }
        if (rows > 2) {
            int from = add0 + 2 * addStride;
            int to = c0 + 2 * cStride;
            s20.add(FloatVector.fromArray(SPECIES, add, from)).intoArray(c, to);
            s21.add(FloatVector.fromArray(SPECIES, add, from + LANES)).intoArray(c, to + LANES);
        }
        if (rows > 3) {
            int from = add0 + 3 * addStride;
            int to = c0 + 3 * cStride;
            s30.add(FloatVector.fromArray(SPECIES, add, from)).intoArray(c, to);
            s31.add(FloatVector.fromArray(SPECIES, add, from + LANES)).intoArray(c, to + LANES);
        }
    }

    /** The same for a packed panel {@code [k, ROWS]} of a, which is how a transposed a is read. */
    static void packed(
            int k,
            float[] a,
            int a0,
            float[] b,
            int b0,
            float[] add,
            int add0,
            int addStride,
            float[] c,
            int c0,
            int cStride,
            int rows) {
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        for (int p = 0; p < k; p++) {
            FloatVector left = FloatVector.fromArray(SPECIES, b, b0 + p * COLS);
            FloatVector right = FloatVector.fromArray(SPECIES, b, b0 + p * COLS + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS]);
            s00 = x0.fma(left, s00);
            s01 = x0.fma(right, s01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 1]);
            s10 = x1.fma(left, s10);
            s11 = x1.fma(right, s11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 2]);
            s20 = x2.fma(left, s20);
            s21 = x2.fma(right, s21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 3]);
            s30 = x3.fma(left, s30);
            s31 = x3.fma(right, s31);
        }
        s00.add(FloatVector.fromArray(SPECIES, add, add0)).intoArray(c, c0);
        s01.add(FloatVector.fromArray(SPECIES, add, add0 + LANES)).intoArray(c, c0 + LANES);
        if (rows > 1) {
            int from = add0 + addStride;
            int to = c0 + cStride;
            s10.add(FloatVector.fromArray(SPECIES, add, from)).intoArray(c, to);
            s11.add(FloatVector.fromArray(SPECIES, add, from + LANES)).intoArray(c, to + LANES);
        }
        if (rows > 2) {
            int from = add0 + 2 * addStride;
            int to = c0 + 2 * cStride;
            s20.add(FloatVector.fromArray(SPECIES, add, from)).intoArray(c, to);
            s21.add(FloatVector.fromArray(SPECIES, add, from + LANES)).intoArray(c, to + LANES);
        }
        if (rows > 3) {
            int from = add0 + 3 * addStride;
            int to = c0 + 3 * cStride;
            s30.add(FloatVector.fromArray(SPECIES, add, from)).intoArray(c, to);
            s31.add(FloatVector.fromArray(SPECIES, add, from + LANES)).intoArray(c, to + LANES);
        }
    }
}
