package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;
import static org.safeclip.tensor.cpu.SimdTile.COLS;
import static org.safeclip.tensor.cpu.SimdTile.ROWS;
import static org.safeclip.tensor.cpu.SimdWorkspace.START;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Operands of a matrix product in the order in which the tiles read them: b in panels {@code [k, COLS]}, padded with
 * zeros on the right; a transposed a in panels {@code [k, ROWS]}.
 */
final class SimdPack {
    /** Panels of a packed at a time: their numbers share lines of the cache where they come from. */
    static final int STRIPS = 8;

    private static final VectorSpecies<Float> SHORT = LANES < 8 ? FloatVector.SPECIES_128 : FloatVector.SPECIES_256;
    private static final int SHORT_LANES = SHORT.length();
    private static final int OVER =
            (ROWS + SHORT_LANES - 1) / SHORT_LANES * SHORT_LANES; // reached when ROWS are copied
    private static final int FEW_ROWS = 8;
    private static final int GAP = 16; // panels a power of two apart would fight for the same lines of the cache

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

    /** Length of a panel of a with its gap. */
    static int leftPanel(int deep) {
        return deep * ROWS + GAP;
    }

    /**
     * Packs rows {@code 0 ... rows} of a piece of a transposed a {@code [deep, m]}, whose rows lie {@code step} apart.
     * Beyond them a panel holds whatever lies behind.
     */
    static void left(int rows, int deep, float[] a, int a0, int step, float[] left) {
        int whole = Math.max(0, deep - 1 - OVER / step); // rows of the piece behind which there is enough to read
        int i = 0;
        for (; i + 4 * ROWS <= rows; i += 4 * ROWS) {
            fourPanels(whole, a, a0 + i, step, left, START + i / ROWS * leftPanel(deep), leftPanel(deep));
        }
        for (; i < rows; i += ROWS) {
            panel(whole, a, a0 + i, step, left, START + i / ROWS * leftPanel(deep));
        }
        for (int p = whole; p < deep; p++) {
            for (int r = 0; r < rows; r++) {
                left[START + r / ROWS * leftPanel(deep) + p * ROWS + r % ROWS] = a[a0 + p * step + r];
            }
        }
    }

    /** Copies too much, and what is too much is overwritten by the next row. */
    private static void panel(int deep, float[] a, int a0, int step, float[] left, int to) {
        for (int p = 0; p < deep; p++) {
            copy(a, a0 + p * step, left, to + p * ROWS);
        }
    }

    private static void fourPanels(int deep, float[] a, int a0, int step, float[] left, int to, int next) {
        for (int p = 0; p < deep; p++) {
            int row = a0 + p * step;
            int at = to + p * ROWS;
            copy(a, row, left, at);
            copy(a, row + ROWS, left, at + next);
            copy(a, row + 2 * ROWS, left, at + 2 * next);
            copy(a, row + 3 * ROWS, left, at + 3 * next);
        }
    }

    private static void copy(float[] a, int from, float[] left, int to) {
        FloatVector.fromArray(SHORT, a, from).intoArray(left, to);
        if (SHORT_LANES < ROWS) {
            FloatVector.fromArray(SHORT, a, from + SHORT_LANES).intoArray(left, to + SHORT_LANES);
        }
    }
}
