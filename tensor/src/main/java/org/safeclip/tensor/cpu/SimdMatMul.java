package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdTile.COLS;
import static org.safeclip.tensor.cpu.SimdTile.ROWS;
import static org.safeclip.tensor.cpu.SimdWorkspace.START;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.MatMulShape;

/**
 * Matrix products y = op(a)·op(b) + bias.
 *
 * <p>b is packed once into panels {@code [k, COLS]}, zero-padded on the right. k is cut so that a piece of a panel stays
 * in the first-level cache, and the rows of a so that a block of them stays in the second. Rows of a are read where they
 * lie; only a transposed a is packed. The result is cut by rows (or by panels, where it is wide and low) among the
 * threads: one thread computes each number, in an order that depends on the sizes alone.
 */
final class SimdMatMul {
    private static final int PANEL_FLOATS = 8192; // piece of a panel of b, for the first-level cache
    private static final int BLOCK_FLOATS = 32768; // block of rows of a, for the second-level cache
    private static final long MULTIPLY_ADDS_PER_NANO = 32;

    private SimdMatMul() {}

    /** Every product of the batch; several are shared out whole among the threads. */
    static void batch(MatMulShape s, float[] a, float[] b, float[] y) {
        long nanos = (long) s.batch() * s.m() * s.n() * s.k() / MULTIPLY_ADDS_PER_NANO;
        Parallel.rows(s.batch(), 1, s.batch() == 1 ? 0 : nanos, (from, to) -> {
            for (int z = from; z < to; z++) {
                int a0 = z * s.m() * s.k();
                int b0 = z * s.k() * s.n();
                int y0 = z * s.m() * s.n();
                product(s.m(), s.n(), s.k(), a, a0, s.transposeA(), b, b0, s.transposeB(), null, y, y0);
            }
        });
    }

    /**
     * One product.
     *
     * @param ta a is stored {@code [k, m]}
     * @param tb b is stored {@code [n, k]}
     * @param bias n numbers added to every row, or none
     */
    static void product(
            int m,
            int n,
            int k,
            float[] a,
            int a0,
            boolean ta,
            float[] b,
            int b0,
            boolean tb,
            float @Nullable [] bias,
            float[] y,
            int y0) {
        SimdWorkspace mine = SimdWorkspace.mine();
        int panels = (n + COLS - 1) / COLS;
        float[] packed = mine.right(START + panels * COLS * k);
        float[] add = mine.row(panels * COLS);
        for (int j = 0; j < panels * COLS; j++) {
            add[j] = bias != null && j < n ? bias[j] : 0;
        }
        long nanos = (long) m * n * k / MULTIPLY_ADDS_PER_NANO;
        Parallel.rows(panels, 1, (long) n * k / 2, (from, to) -> {
            for (int panel = from; panel < to; panel++) {
                pack(panel, n, k, b, b0, tb, packed);
            }
        });
        if ((m + ROWS - 1) / ROWS >= panels) {
            Parallel.rows(m, ROWS, nanos, (from, to) ->
                    block(from, to, 0, panels, m, n, k, a, a0, ta, packed, add, y, y0));
        } else {
            Parallel.rows(panels, 1, nanos, (from, to) ->
                    block(0, m, from, to, m, n, k, a, a0, ta, packed, add, y, y0));
        }
    }

    private static void pack(int panel, int n, int k, float[] b, int b0, boolean tb, float[] packed) {
        int first = panel * COLS;
        int cols = Math.min(COLS, n - first);
        int to = START + first * k;
        if (tb) {
            packColumns(cols, k, b, b0 + first * k, packed, to);
        } else {
            packRows(cols, n, k, b, b0 + first, packed, to);
        }
    }

    private static void packRows(int cols, int n, int k, float[] b, int b0, float[] packed, int to) {
        for (int p = 0; p < k; p++) {
            System.arraycopy(b, b0 + p * n, packed, to + p * COLS, cols);
        }
        if (cols < COLS) {
            clear(cols, k, packed, to);
        }
    }

    private static void packColumns(int cols, int k, float[] b, int b0, float[] packed, int to) {
        int j = 0;
        for (; j + 4 <= cols; j += 4) {
            packFour(k, b, b0 + j * k, packed, to + j);
        }
        for (; j < cols; j++) {
            for (int p = 0; p < k; p++) {
                packed[to + p * COLS + j] = b[b0 + j * k + p];
            }
        }
        if (cols < COLS) {
            clear(cols, k, packed, to);
        }
    }

    private static void packFour(int k, float[] b, int b0, float[] packed, int to) {
        for (int p = 0; p < k; p++) {
            packed[to + p * COLS] = b[b0 + p];
            packed[to + p * COLS + 1] = b[b0 + k + p];
            packed[to + p * COLS + 2] = b[b0 + 2 * k + p];
            packed[to + p * COLS + 3] = b[b0 + 3 * k + p];
        }
    }

    private static void clear(int cols, int k, float[] packed, int to) {
        for (int p = 0; p < k; p++) {
            for (int j = cols; j < COLS; j++) {
                packed[to + p * COLS + j] = 0;
            }
        }
    }

    /** Rows {@code fromRow ... toRow} and panels {@code fromPanel ... toPanel} of the result. */
    private static void block(
            int fromRow,
            int toRow,
            int fromPanel,
            int toPanel,
            int m,
            int n,
            int k,
            float[] a,
            int a0,
            boolean ta,
            float[] packed,
            float[] add,
            float[] y,
            int y0) {
        SimdWorkspace mine = SimdWorkspace.mine();
        int pieces = Math.max(1, (k * COLS + PANEL_FLOATS - 1) / PANEL_FLOATS);
        int depth = Math.max(1, (k + pieces - 1) / pieces);
        int high = Math.max(ROWS, BLOCK_FLOATS / depth / ROWS * ROWS);
        float[] left = ta ? mine.left(START + high * depth) : a;
        for (int k0 = 0; k0 == 0 || k0 < k; k0 += depth) {
            int deep = Math.min(depth, k - k0);
            for (int i0 = fromRow; i0 < toRow; i0 += high) {
                int end = Math.min(toRow, i0 + high);
                if (ta) {
                    packLeft(i0, end, m, deep, a, a0 + k0 * m, left);
                }
                for (int panel = fromPanel; panel < toPanel; panel++) {
                    int b0 = START + panel * COLS * k + k0 * COLS;
                    int cols = Math.min(COLS, n - panel * COLS);
                    int c0 = y0 + panel * COLS;
                    if (cols == COLS) {
                        strip(i0, end, n, k, deep, left, a0 + k0, ta, packed, b0, add, panel * COLS, k0 > 0, y, c0);
                    } else {
                        edge(i0, end, n, k, deep, left, a0 + k0, ta, packed, b0, add, panel * COLS, k0 > 0, y, c0, cols);
                    }
                }
            }
        }
    }

    /** Packs rows {@code from ... to} of a transposed a into panels {@code [k, ROWS]}. */
    private static void packLeft(int from, int to, int m, int k, float[] a, int a0, float[] left) {
        for (int i = from; i < to; i += ROWS) {
            int at = START + (i - from) * k;
            if (i + ROWS <= m) {
                for (int p = 0; p < k; p++) {
                    left[at + p * ROWS] = a[a0 + p * m + i];
                    left[at + p * ROWS + 1] = a[a0 + p * m + i + 1];
                    left[at + p * ROWS + 2] = a[a0 + p * m + i + 2];
                    left[at + p * ROWS + 3] = a[a0 + p * m + i + 3];
                }
            } else {
                for (int p = 0; p < k; p++) {
                    for (int r = 0; r < ROWS; r++) {
                        left[at + p * ROWS + r] = i + r < m ? a[a0 + p * m + i + r] : 0;
                    }
                }
            }
        }
    }

    private static void strip(
            int from,
            int to,
            int n,
            int k,
            int deep,
            float[] a,
            int a0,
            boolean ta,
            float[] b,
            int b0,
            float[] add,
            int add0,
            boolean more,
            float[] y,
            int y0) {
        for (int i = from; i < to; i += ROWS) {
            int rows = Math.min(ROWS, to - i);
            int c0 = y0 + i * n;
            float[] with = more ? y : add;
            int with0 = more ? c0 : add0;
            int stride = more ? n : 0;
            if (ta) {
                SimdTile.packed(deep, a, START + (i - from) * deep, b, b0, with, with0, stride, y, c0, n, rows);
            } else {
                int last = a0 + (i + rows - 1) * k;
                int r0 = a0 + i * k;
                int r1 = Math.min(r0 + k, last);
                int r2 = Math.min(r0 + 2 * k, last);
                SimdTile.rows(deep, a, r0, r1, r2, last, b, b0, with, with0, stride, y, c0, n, rows);
            }
        }
    }

    /** The last panel, where the result ends inside a tile: by way of a tile of its own. */
    private static void edge(
            int from,
            int to,
            int n,
            int k,
            int deep,
            float[] a,
            int a0,
            boolean ta,
            float[] b,
            int b0,
            float[] add,
            int add0,
            boolean more,
            float[] y,
            int y0,
            int cols) {
        float[] tile = SimdWorkspace.mine().tile;
        for (int i = from; i < to; i += ROWS) {
            int rows = Math.min(ROWS, to - i);
            if (more) {
                for (int r = 0; r < rows; r++) {
                    System.arraycopy(y, y0 + (i + r) * n, tile, r * COLS, cols);
                }
            }
            float[] with = more ? tile : add;
            int with0 = more ? 0 : add0;
            int stride = more ? COLS : 0;
            if (ta) {
                SimdTile.packed(deep, a, START + (i - from) * deep, b, b0, with, with0, stride, tile, 0, COLS, rows);
            } else {
                int last = a0 + (i + rows - 1) * k;
                int r0 = a0 + i * k;
                int r1 = Math.min(r0 + k, last);
                int r2 = Math.min(r0 + 2 * k, last);
                SimdTile.rows(deep, a, r0, r1, r2, last, b, b0, with, with0, stride, tile, 0, COLS, rows);
            }
            for (int r = 0; r < rows; r++) {
                System.arraycopy(tile, r * COLS, y, y0 + (i + r) * n, cols);
            }
        }
    }
}
