package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost loop of every matrix product: a tile c = a·b + add of {@link #ROWS} rows and two vectors of columns,
 * held in registers while k runs.
 *
 * <p>Where the operands lie is a matter of steps, so that one loop reads packed panels and matrices in place: number
 * (r, p) of a lies at {@code a0 + r·aRow + p·aStep}, row p of b at {@code b0 + p·bStep}, row r of {@code add} at
 * {@code add0 + r·addRow} (a bias has addRow 0), row r of c at {@code c0 + r·cRow}. All six rows of c are written, but
 * only {@code rows} of a are read, the last of them for those beyond.
 *
 * <p>12 accumulators and two vectors of b fit 16 vector registers, with a number of a at a time. Steps that the
 * compiler does not know leave range checks in the loop: they cost nothing beside 12 multiply-adds, and keep it from
 * loading all six numbers of a first, which would spill.
 */
final class SimdTile {
    /** Rows of a tile. */
    static final int ROWS = 6;

    /** Columns of a tile: two vectors. */
    static final int COLS = 2 * LANES;

    private SimdTile() {}

    /** c = a·b + add. */
    static void sum(
            int k,
            float[] a,
            int a0,
            int aRow,
            int aStep,
            float[] b,
            int b0,
            int bStep,
            float[] add,
            int add0,
            int addRow,
            float[] c,
            int c0,
            int cRow,
            int rows) {
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s40 = s00;
        FloatVector s41 = s00;
        FloatVector s50 = s00;
        FloatVector s51 = s00;
        int row1 = Math.min(1, rows - 1) * aRow;
        int row2 = Math.min(2, rows - 1) * aRow;
        int row3 = Math.min(3, rows - 1) * aRow;
        int row4 = Math.min(4, rows - 1) * aRow;
        int row5 = Math.min(5, rows - 1) * aRow;
        int x = a0;
        int y = b0;
        for (int p = 0; p < k; p++) {
            FloatVector right0 = FloatVector.fromArray(SPECIES, b, y);
            FloatVector right1 = FloatVector.fromArray(SPECIES, b, y + LANES);
            FloatVector left0 = FloatVector.broadcast(SPECIES, a[x]);
            s00 = left0.fma(right0, s00);
            s01 = left0.fma(right1, s01);
            FloatVector left1 = FloatVector.broadcast(SPECIES, a[x + row1]);
            s10 = left1.fma(right0, s10);
            s11 = left1.fma(right1, s11);
            FloatVector left2 = FloatVector.broadcast(SPECIES, a[x + row2]);
            s20 = left2.fma(right0, s20);
            s21 = left2.fma(right1, s21);
            FloatVector left3 = FloatVector.broadcast(SPECIES, a[x + row3]);
            s30 = left3.fma(right0, s30);
            s31 = left3.fma(right1, s31);
            FloatVector left4 = FloatVector.broadcast(SPECIES, a[x + row4]);
            s40 = left4.fma(right0, s40);
            s41 = left4.fma(right1, s41);
            FloatVector left5 = FloatVector.broadcast(SPECIES, a[x + row5]);
            s50 = left5.fma(right0, s50);
            s51 = left5.fma(right1, s51);
            x += aStep;
            y += bStep;
        }
        s00.add(FloatVector.fromArray(SPECIES, add, add0)).intoArray(c, c0);
        s01.add(FloatVector.fromArray(SPECIES, add, add0 + LANES)).intoArray(c, c0 + LANES);
        s10.add(FloatVector.fromArray(SPECIES, add, add0 + addRow)).intoArray(c, c0 + cRow);
        s11.add(FloatVector.fromArray(SPECIES, add, add0 + addRow + LANES)).intoArray(c, c0 + cRow + LANES);
        s20.add(FloatVector.fromArray(SPECIES, add, add0 + 2 * addRow)).intoArray(c, c0 + 2 * cRow);
        s21.add(FloatVector.fromArray(SPECIES, add, add0 + 2 * addRow + LANES)).intoArray(c, c0 + 2 * cRow + LANES);
        s30.add(FloatVector.fromArray(SPECIES, add, add0 + 3 * addRow)).intoArray(c, c0 + 3 * cRow);
        s31.add(FloatVector.fromArray(SPECIES, add, add0 + 3 * addRow + LANES)).intoArray(c, c0 + 3 * cRow + LANES);
        s40.add(FloatVector.fromArray(SPECIES, add, add0 + 4 * addRow)).intoArray(c, c0 + 4 * cRow);
        s41.add(FloatVector.fromArray(SPECIES, add, add0 + 4 * addRow + LANES)).intoArray(c, c0 + 4 * cRow + LANES);
        s50.add(FloatVector.fromArray(SPECIES, add, add0 + 5 * addRow)).intoArray(c, c0 + 5 * cRow);
        s51.add(FloatVector.fromArray(SPECIES, add, add0 + 5 * addRow + LANES)).intoArray(c, c0 + 5 * cRow + LANES);
    }

    /**
     * Up to six rows of y [.., n] from column {@code first} on, the first number at {@code c0}; where the result ends
     * inside the tile, by way of a tile of its own.
     *
     * @param more whether to add to what y holds rather than to {@code bias}
     */
    static void anywhere(
            int rows,
            int n,
            int first,
            boolean more,
            int k,
            float[] a,
            int a0,
            int aRow,
            int aStep,
            float[] b,
            int b0,
            int bStep,
            float[] bias,
            float[] y,
            int c0) {
        if (first + COLS <= n && rows == ROWS) {
            float[] with = more ? y : bias;
            int with0 = more ? c0 : first;
            int with1 = more ? n : 0;
            sum(k, a, a0, aRow, aStep, b, b0, bStep, with, with0, with1, y, c0, n, rows);
            return;
        }
        int cols = Math.min(COLS, n - first);
        float[] tile = SimdWorkspace.mine().tile;
        for (int r = 0; more && r < rows; r++) {
            System.arraycopy(y, c0 + r * n, tile, r * COLS, cols);
        }
        float[] with = more ? tile : bias;
        int with0 = more ? 0 : first;
        int with1 = more ? COLS : 0;
        sum(k, a, a0, aRow, aStep, b, b0, bStep, with, with0, with1, tile, 0, COLS, rows);
        for (int r = 0; r < rows; r++) {
            System.arraycopy(tile, r * COLS, y, c0 + r * n, cols);
        }
    }
}
