package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;
import static org.safeclip.tensor.cpu.SimdTile.COLS;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost loop of large matrix products where there are 32 vector registers: a tile c = a·b + add of {@link #ROWS}
 * rows and two vectors of columns, the same sums in the same order as {@link SimdTile}'s and so the same bits.
 *
 * <p>Both operands are packed, at distances that the compiler knows, so that it moves their range checks out of the
 * loop: row p of b lies at {@code b0 + p·SimdTile.COLS}, a in one of two ways, see the methods. Row r of {@code add}
 * lies at {@code add0 + r·addRow} (a bias has addRow 0), row r of c at {@code c0 + r·cRow}.
 *
 * <p>A vector of b, once loaded, serves 12 multiply-adds instead of six. 24 accumulators and two vectors of b leave six
 * registers for numbers of a. Without range checks the compiler would load all 12 of them first, and keep accumulators
 * in memory for it, which costs a quarter of the speed or more; how many depends on the garbage collector. So the loop
 * has an exit after every four rows that is never taken: every sum must be complete there, hence no later number is
 * needed before. With 14 rows that takes an exit after every two, and is no faster.
 */
final class SimdTallTile {
    /** Rows of a tile. */
    static final int ROWS = 12;

    /** The largest k of a strip that lies row by row. */
    static final int DEPTH = 512;

    /** From a row of a strip to the next; rows a power of two apart would fight for the same lines of the cache. */
    static final int STRIDE = DEPTH + 16;

    /** What to give for {@code never}: a number that p is not, though the compiler, which sees an argument, cannot tell. */
    static final int NEVER = -1;

    private SimdTallTile() {}

    /** c = a·b + add, where number (r, p) of a lies at {@code a0 + r·STRIDE + p}, for k of at most {@link #DEPTH}. */
    static void rows(
            int k,
            float[] a,
            int a0,
            float[] b,
            int b0,
            float[] add,
            int add0,
            int addRow,
            float[] c,
            int c0,
            int cRow,
            int never) {
        FloatVector sA0 = FloatVector.zero(SPECIES);
        FloatVector sA1 = sA0;
        FloatVector sB0 = sA0;
        FloatVector sB1 = sA0;
        FloatVector sC0 = sA0;
        FloatVector sC1 = sA0;
        FloatVector sD0 = sA0;
        FloatVector sD1 = sA0;
        FloatVector sE0 = sA0;
        FloatVector sE1 = sA0;
        FloatVector sF0 = sA0;
        FloatVector sF1 = sA0;
        FloatVector sG0 = sA0;
        FloatVector sG1 = sA0;
        FloatVector sH0 = sA0;
        FloatVector sH1 = sA0;
        FloatVector sI0 = sA0;
        FloatVector sI1 = sA0;
        FloatVector sJ0 = sA0;
        FloatVector sJ1 = sA0;
        FloatVector sK0 = sA0;
        FloatVector sK1 = sA0;
        FloatVector sL0 = sA0;
        FloatVector sL1 = sA0;
        for (int p = 0; p < k; p++) {
            FloatVector right0 = FloatVector.fromArray(SPECIES, b, b0 + p * COLS);
            FloatVector right1 = FloatVector.fromArray(SPECIES, b, b0 + p * COLS + LANES);
            FloatVector leftA = FloatVector.broadcast(SPECIES, a[a0 + p]);
            sA0 = leftA.fma(right0, sA0);
            sA1 = leftA.fma(right1, sA1);
            FloatVector leftB = FloatVector.broadcast(SPECIES, a[a0 + p + STRIDE]);
            sB0 = leftB.fma(right0, sB0);
            sB1 = leftB.fma(right1, sB1);
            FloatVector leftC = FloatVector.broadcast(SPECIES, a[a0 + p + 2 * STRIDE]);
            sC0 = leftC.fma(right0, sC0);
            sC1 = leftC.fma(right1, sC1);
            FloatVector leftD = FloatVector.broadcast(SPECIES, a[a0 + p + 3 * STRIDE]);
            sD0 = leftD.fma(right0, sD0);
            sD1 = leftD.fma(right1, sD1);
            if (p == never) {
                break;
            }
            FloatVector leftE = FloatVector.broadcast(SPECIES, a[a0 + p + 4 * STRIDE]);
            sE0 = leftE.fma(right0, sE0);
            sE1 = leftE.fma(right1, sE1);
            FloatVector leftF = FloatVector.broadcast(SPECIES, a[a0 + p + 5 * STRIDE]);
            sF0 = leftF.fma(right0, sF0);
            sF1 = leftF.fma(right1, sF1);
            FloatVector leftG = FloatVector.broadcast(SPECIES, a[a0 + p + 6 * STRIDE]);
            sG0 = leftG.fma(right0, sG0);
            sG1 = leftG.fma(right1, sG1);
            FloatVector leftH = FloatVector.broadcast(SPECIES, a[a0 + p + 7 * STRIDE]);
            sH0 = leftH.fma(right0, sH0);
            sH1 = leftH.fma(right1, sH1);
            if (p == never) {
                break;
            }
            FloatVector leftI = FloatVector.broadcast(SPECIES, a[a0 + p + 8 * STRIDE]);
            sI0 = leftI.fma(right0, sI0);
            sI1 = leftI.fma(right1, sI1);
            FloatVector leftJ = FloatVector.broadcast(SPECIES, a[a0 + p + 9 * STRIDE]);
            sJ0 = leftJ.fma(right0, sJ0);
            sJ1 = leftJ.fma(right1, sJ1);
            FloatVector leftK = FloatVector.broadcast(SPECIES, a[a0 + p + 10 * STRIDE]);
            sK0 = leftK.fma(right0, sK0);
            sK1 = leftK.fma(right1, sK1);
            FloatVector leftL = FloatVector.broadcast(SPECIES, a[a0 + p + 11 * STRIDE]);
            sL0 = leftL.fma(right0, sL0);
            sL1 = leftL.fma(right1, sL1);
        }
        int with = add0;
        int to = c0;
        sA0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sA1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sB0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sB1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sC0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sC1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sD0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sD1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sE0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sE1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sF0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sF1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sG0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sG1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sH0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sH1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sI0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sI1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sJ0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sJ1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sK0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sK1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sL0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sL1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
    }

    /** c = a·b + add, where number (r, p) of a lies at {@code a0 + p·ROWS + r}. */
    static void columns(
            int k,
            float[] a,
            int a0,
            float[] b,
            int b0,
            float[] add,
            int add0,
            int addRow,
            float[] c,
            int c0,
            int cRow,
            int never) {
        FloatVector sA0 = FloatVector.zero(SPECIES);
        FloatVector sA1 = sA0;
        FloatVector sB0 = sA0;
        FloatVector sB1 = sA0;
        FloatVector sC0 = sA0;
        FloatVector sC1 = sA0;
        FloatVector sD0 = sA0;
        FloatVector sD1 = sA0;
        FloatVector sE0 = sA0;
        FloatVector sE1 = sA0;
        FloatVector sF0 = sA0;
        FloatVector sF1 = sA0;
        FloatVector sG0 = sA0;
        FloatVector sG1 = sA0;
        FloatVector sH0 = sA0;
        FloatVector sH1 = sA0;
        FloatVector sI0 = sA0;
        FloatVector sI1 = sA0;
        FloatVector sJ0 = sA0;
        FloatVector sJ1 = sA0;
        FloatVector sK0 = sA0;
        FloatVector sK1 = sA0;
        FloatVector sL0 = sA0;
        FloatVector sL1 = sA0;
        for (int p = 0; p < k; p++) {
            FloatVector right0 = FloatVector.fromArray(SPECIES, b, b0 + p * COLS);
            FloatVector right1 = FloatVector.fromArray(SPECIES, b, b0 + p * COLS + LANES);
            FloatVector leftA = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS]);
            sA0 = leftA.fma(right0, sA0);
            sA1 = leftA.fma(right1, sA1);
            FloatVector leftB = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 1]);
            sB0 = leftB.fma(right0, sB0);
            sB1 = leftB.fma(right1, sB1);
            FloatVector leftC = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 2]);
            sC0 = leftC.fma(right0, sC0);
            sC1 = leftC.fma(right1, sC1);
            FloatVector leftD = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 3]);
            sD0 = leftD.fma(right0, sD0);
            sD1 = leftD.fma(right1, sD1);
            if (p == never) {
                break;
            }
            FloatVector leftE = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 4]);
            sE0 = leftE.fma(right0, sE0);
            sE1 = leftE.fma(right1, sE1);
            FloatVector leftF = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 5]);
            sF0 = leftF.fma(right0, sF0);
            sF1 = leftF.fma(right1, sF1);
            FloatVector leftG = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 6]);
            sG0 = leftG.fma(right0, sG0);
            sG1 = leftG.fma(right1, sG1);
            FloatVector leftH = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 7]);
            sH0 = leftH.fma(right0, sH0);
            sH1 = leftH.fma(right1, sH1);
            if (p == never) {
                break;
            }
            FloatVector leftI = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 8]);
            sI0 = leftI.fma(right0, sI0);
            sI1 = leftI.fma(right1, sI1);
            FloatVector leftJ = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 9]);
            sJ0 = leftJ.fma(right0, sJ0);
            sJ1 = leftJ.fma(right1, sJ1);
            FloatVector leftK = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 10]);
            sK0 = leftK.fma(right0, sK0);
            sK1 = leftK.fma(right1, sK1);
            FloatVector leftL = FloatVector.broadcast(SPECIES, a[a0 + p * ROWS + 11]);
            sL0 = leftL.fma(right0, sL0);
            sL1 = leftL.fma(right1, sL1);
        }
        int with = add0;
        int to = c0;
        sA0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sA1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sB0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sB1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sC0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sC1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sD0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sD1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sE0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sE1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sF0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sF1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sG0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sG1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sH0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sH1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sI0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sI1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sJ0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sJ1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sK0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sK1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
        with += addRow;
        to += cRow;
        sL0.add(FloatVector.fromArray(SPECIES, add, with)).intoArray(c, to);
        sL1.add(FloatVector.fromArray(SPECIES, add, with + LANES)).intoArray(c, to + LANES);
    }
}
