package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;
import static org.safeclip.tensor.cpu.SimdTile.COLS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The right operand of a matrix product in the order in which the tiles read it: in panels {@code [k, COLS]}, padded with
 * zeros on the right.
 */
final class SimdPack {
    private static final int FEW_ROWS = 8;

    private SimdPack() {}

    /**
     * Packs panels p0 ... p1 of a piece of b {@code [deep, n]} that lies row by row, to {@code packed} from {@code at};
     * the piece starts at {@code b0} and its rows lie {@code step} apart.
     */
    static void rows(int p0, int p1, int n, int deep, float[] b, int b0, int step, float[] packed, int at) {
        for (int p = 0; p < deep; p += FEW_ROWS) {
            int few = Math.min(FEW_ROWS, deep - p); // few, so that memory is read in the order in which it lies
            for (int panel = p0; panel < p1; panel++) {
                int first = panel * COLS;
                int to = at + (panel - p0) * COLS * deep + p * COLS;
                int from = b0 + p * step + first;
                if (n - first >= COLS) {
                    fullRows(few, b, from, step, packed, to);
                } else {
                    lastRows(few, n - first, b, from, step, packed, to);
                }
            }
        }
    }

    private static void fullRows(int rows, float[] b, int b0, int step, float[] packed, int to) {
        for (int p = 0; p < rows; p++) {
            int row = b0 + p * step;
            int at = to + p * COLS;
            FloatVector.fromArray(SPECIES, b, row).intoArray(packed, at);
            FloatVector.fromArray(SPECIES, b, row + LANES).intoArray(packed, at + LANES);
        }
    }

    private static void lastRows(int rows, int cols, float[] b, int b0, int step, float[] packed, int to) {
        VectorMask<Float> mask = SPECIES.indexInRange(0, Math.min(cols, LANES));
        VectorMask<Float> rest = SPECIES.indexInRange(Math.min(LANES, cols), cols);
        int second = Math.min(LANES, cols); // where the numbers of the second vector start; none may be left for it
        for (int p = 0; p < rows; p++) {
            int row = b0 + p * step;
            int at = to + p * COLS;
            FloatVector.fromArray(SPECIES, b, row, mask).intoArray(packed, at);
            FloatVector.fromArray(SPECIES, b, row + second, rest).intoArray(packed, at + LANES);
        }
    }

    /** Packs panels p0 ... p1 of a piece of b stored column by column, the columns {@code step} apart. */
    static void columns(int p0, int p1, int n, int deep, float[] b, int b0, int step, float[] packed, int at) {
        for (int panel = p0; panel < p1; panel++) {
            int first = panel * COLS;
            int cols = Math.min(COLS, n - first);
            int to = at + (panel - p0) * COLS * deep;
            int from = b0 + first * step;
            SimdHeadTile.transpose(cols, deep, 1, b, from, step, packed, to, COLS);
            for (int p = 0; cols < COLS && p < deep; p++) {
                Arrays.fill(packed, to + p * COLS + cols, to + (p + 1) * COLS, 0);
            }
        }
    }
}
