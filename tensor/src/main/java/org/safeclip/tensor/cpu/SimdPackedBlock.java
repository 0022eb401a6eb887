package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdTallTile.ROWS;
import static org.safeclip.tensor.cpu.SimdTile.COLS;
import static org.safeclip.tensor.cpu.SimdWorkspace.START;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.cpu.SimdMatMul.Finish;
import org.safeclip.tensor.cpu.SimdMatMul.Matrix;

/**
 * A piece of k of a product y [.., n] = op(a)·b + add with strips of a that are packed here.
 *
 * <p>Some strips are packed at a time, few enough to fit the second-level cache beside a group of panels of b. They meet
 * group after group, so that a is packed once however wide the result is, and a group comes from the third level once
 * for all these strips. Numbers of a transposed a that share a line of the cache are packed together. Within a group a
 * strip stays in the first-level cache while it meets panel after panel, and its rows of y are written from left to
 * right.
 *
 * @param k0 where the piece of k starts
 * @param deep its length
 * @param right the panels of b
 * @param b0 where the first of them starts
 * @param bPanel from a panel to the next
 * @param bStep from a row of a panel to the next
 * @param first number of that panel
 * @param finish what to do with rows of the result once they are complete
 * @param tall whether to use the tall tile, for which b must be packed
 */
record SimdPackedBlock(
        int n,
        Matrix a,
        int k0,
        int deep,
        float[] right,
        int b0,
        int bPanel,
        int bStep,
        int first,
        float[] add,
        float[] y,
        int y0,
        @Nullable Finish finish,
        boolean tall) {
    /** Numbers of b to pack at a time. */
    static final int PACKED = 1 << 20;

    private static final int GROUP = 131072; // numbers of b that stay in the second-level cache
    private static final int STRIPS = 8; // of a beside them
    private static final int STRIPS_TURNED = 16; // of a transposed a: each page of it is then visited half as often

    /** Whether tall tiles are quicker for a result of this size where b is packed. */
    static boolean tallPays(int m, int n) {
        return m >= ROWS && n >= 2 * COLS && SimdTileChoice.tall();
    }

    /** Rows r0 ... r1 of the result, panels p0 ... p1. */
    void run(int r0, int r1, int p0, int p1) {
        int fit = Math.max(1, GROUP / Math.max(1, deep * COLS));
        boolean lies = a.right() == 1;
        int strip = lies ? ROWS * SimdTallTile.STRIDE : SimdStrips.length(deep);
        int some = lies ? p1 - p0 <= fit ? 1 : STRIPS : STRIPS_TURNED;
        float[] left = SimdWorkspace.mine().left(START + some * strip);
        for (int i = r0; i < r1; i += some * ROWS) {
            int end = Math.min(r1, i + some * ROWS);
            pack(i, end, strip, left);
            for (int p = p0; p < p1; p += fit) {
                boolean last = p + fit >= p1;
                for (int r = i; r < end; r += ROWS) {
                    int rows = Math.min(ROWS, end - r);
                    int a0 = START + (r - i) / ROWS * strip;
                    strip(r, rows, left, a0, p, Math.min(p1, p + fit));
                    if (last && finish != null) {
                        finish.run(y0 + r * n, y0 + (r + rows) * n);
                    }
                }
            }
        }
    }

    private void pack(int from, int to, int strip, float[] left) {
        if (a.right() != 1) {
            SimdStrips.columns(to - from, deep, a.x(), a.row(from) + k0 * a.right(), a.right(), left, START);
            return;
        }
        for (int r = from; r < to; r += ROWS) {
            int rows = Math.min(ROWS, to - r);
            SimdStrips.rows(rows, deep, a.x(), a.row(r) + k0, a.down(), left, START + (r - from) / ROWS * strip);
        }
    }

    private void strip(int i, int rows, float[] left, int a0, int p0, int p1) {
        for (int panel = p0; panel < p1; panel++) {
            int from = b0 + (panel - first) * bPanel;
            int to = y0 + i * n + panel * COLS;
            if (tall && rows == ROWS && (panel + 1) * COLS <= n) {
                tall(left, a0, from, panel * COLS, to);
            } else {
                low(rows, left, a0, from, panel * COLS, to);
            }
        }
    }

    private void tall(float[] left, int a0, int panel, int column, int to) {
        float[] with = k0 > 0 ? y : add;
        int with0 = k0 > 0 ? to : column;
        int with1 = k0 > 0 ? n : 0;
        if (a.right() == 1) {
            SimdTallTile.rows(deep, left, a0, right, panel, with, with0, with1, y, to, n, SimdTallTile.NEVER);
        } else {
            SimdTallTile.columns(deep, left, a0, right, panel, with, with0, with1, y, to, n, SimdTallTile.NEVER);
        }
    }

    /** The strip in low tiles: whole where the tall one does not pay, or what is left at an edge. */
    private void low(int rows, float[] left, int a0, int panel, int column, int to) {
        int down = a.right() == 1 ? SimdTallTile.STRIDE : 1;
        int step = a.right() == 1 ? 1 : ROWS;
        for (int r = 0; r < rows; r += SimdTile.ROWS) {
            int some = Math.min(SimdTile.ROWS, rows - r);
            int from = a0 + r * down;
            SimdTile.anywhere(
                    some, n, column, k0 > 0, deep, left, from, down, step, right, panel, bStep, add, y, to + r * n);
        }
    }
}
