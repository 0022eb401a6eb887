package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;
import static org.safeclip.tensor.cpu.SimdWideTile.COLS;
import static org.safeclip.tensor.cpu.SimdWideTile.NARROW;
import static org.safeclip.tensor.cpu.SimdWideTile.ROWS;
import static org.safeclip.tensor.cpu.SimdWorkspace.START;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Operands of a matrix product in the order in which the tiles read them: b in panels {@code [k, COLS]}, the last of
 * them {@code [k, NARROW]} where that is enough, padded with zeros on the right; a transposed a in panels {@code [k,
 * ROWS]}.
 */
final class SimdPack {
    /** Panels of a packed at a time: their numbers share lines of the cache where they come from. */
    static final int STRIPS = 8;

    private static final VectorSpecies<Float> SHORT = LANES < 8 ? FloatVector.SPECIES_128 : FloatVector.SPECIES_256;
    private static final int SHORT_LANES = SHORT.length();
    private static final int OVER = (ROWS + SHORT_LANES - 1) / SHORT_LANES * SHORT_LANES; // reached when ROWS are copied
    private static final int FEW_ROWS = 8;
    private static final int GAP = 16; // panels a power of two apart would fight for the same lines of the cache

    private SimdPack() {}

    /** Columns of the panel that starts at column {@code first}. */
    static int width(int n, int first) {
        return n - first > NARROW ? COLS : NARROW;
    }

    /**
     * Packs panels p0 ... p1 of a piece of b {@code [deep, n]} that lies row by row; the piece starts at {@code b0} and its
     * rows lie {@code step} apart.
     */
    static void rows(int p0, int p1, int n, int deep, float[] b, int b0, int step, float[] packed, int at) {
        for (int p = 0; p < deep; p += FEW_ROWS) {
            int few = Math.min(FEW_ROWS, deep - p); // few, so that memory is read in the order in which it lies
            for (int panel = p0; panel < p1; panel++) {
                int first = panel * COLS;
                int wide = width(n, first);
                int to = START + at + (panel - p0) * COLS * deep + p * wide;
                int from = b0 + p * step + first;
                if (n - first >= wide) {
                    fullRows(few, wide, b, from, step, packed, to);
                } else {
                    lastRows(few, n - first, wide, b, from, step, packed, to);
                }
            }
        }
    }

    private static void fullRows(int rows, int wide, float[] b, int b0, int step, float[] packed, int to) {
        for (int p = 0; p < rows; p++) {
            for (int j = 0; j < wide; j += LANES) {
                FloatVector.fromArray(SPECIES, b, b0 + p * step + j).intoArray(packed, to + p * wide + j);
            }
        }
    }

    private static void lastRows(int rows, int cols, int wide, float[] b, int b0, int step, float[] packed, int to) {
        for (int j = 0; j < wide; j += LANES) {
            int left = Math.clamp(cols - j, 0, LANES);
            VectorMask<Float> mask = SPECIES.indexInRange(0, left);
            int from = b0 + Math.min(j, cols); // none may be left
            for (int p = 0; p < rows; p++) {
                FloatVector.fromArray(SPECIES, b, from + p * step, mask).intoArray(packed, to + p * wide + j);
            }
        }
    }

    /** The same for a piece of b that lies column by column, the columns {@code step} apart. */
    static void columns(int p0, int p1, int n, int deep, float[] b, int b0, int step, float[] packed, int at) {
        for (int panel = p0; panel < p1; panel++) {
            int first = panel * COLS;
            int wide = width(n, first);
            int cols = Math.min(wide, n - first);
            int to = START + at + (panel - p0) * COLS * deep;
            int from = b0 + first * step;
            int j = 0;
            for (; j + 4 <= cols; j += 4) {
                fourColumns(deep, b, from + j * step, step, packed, to + j, wide);
            }
            for (; j < wide; j++) {
                for (int p = 0; p < deep; p++) {
                    packed[to + p * wide + j] = j < cols ? b[from + j * step + p] : 0;
                }
            }
        }
    }

    private static void fourColumns(int deep, float[] b, int b0, int step, float[] packed, int to, int wide) {
        for (int p = 0; p < deep; p++) {
            packed[to + p * wide] = b[b0 + p];
            packed[to + p * wide + 1] = b[b0 + step + p];
            packed[to + p * wide + 2] = b[b0 + 2 * step + p];
            packed[to + p * wide + 3] = b[b0 + 3 * step + p];
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
        int whole = (deep - 1) - OVER / step; // rows of the piece behind which there is enough to read
        for (int p = 0; p < whole; p++) {
            leftRow(rows, leftPanel(deep), a, a0 + p * step, left, START + p * ROWS);
        }
        for (int p = Math.max(0, whole); p < deep; p++) {
            for (int r = 0; r < rows; r++) {
                left[START + r / ROWS * leftPanel(deep) + p * ROWS + r % ROWS] = a[a0 + p * step + r];
            }
        }
    }

    /** Copies too much, and what is too much is overwritten by the next row. */
    private static void leftRow(int rows, int panel, float[] a, int a0, float[] left, int to) {
        int at = to;
        for (int i = 0; i < rows; i += ROWS) {
            for (int r = 0; r < ROWS; r += SHORT_LANES) {
                FloatVector.fromArray(SHORT, a, a0 + i + r).intoArray(left, at + r);
            }
            at += panel;
        }
    }
}
