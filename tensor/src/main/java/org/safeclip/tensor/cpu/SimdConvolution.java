package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdTile.COLS;
import static org.safeclip.tensor.cpu.SimdWorkspace.START;

import org.safeclip.tensor.backend.WindowShape;

/**
 * Convolution and its gradients as matrix products whose unfolded operand never exists as a whole: {@link SimdPatches}
 * lays out the columns that a tile of the product reads next.
 *
 * <pre>
 * y  = w·U        [out, windows], U = the unfolded images [channels·kernel², windows]
 * dU = wᵀ·dy, from which dx is folded
 * dw = (U·dyᵀ)ᵀ   summed over windows in pieces; in parts first, where they are many and dw is small
 * </pre>
 *
 * <p>Threads take windows, images, or parts and channels; the order of every sum depends on the sizes alone.
 */
final class SimdConvolution {
    private static final int ROWS = SimdTallTile.ROWS;
    private static final int DEPTH = SimdTallTile.DEPTH; // of a piece of a sum
    private static final int STRIDE = SimdTallTile.STRIDE;
    private static final int BLOCK = 131072; // numbers of unfolded images that stay in the second-level cache

    private SimdConvolution() {}

    /** y = w·U. */
    static void forward(WindowShape s, int out, float[] x, float[] w, float[] y) {
        int deep = s.cols();
        int strips = strips(out);
        float[] left = SimdWorkspace.mine().left(START + pieces(deep) * strips * ROWS * STRIDE);
        for (int k0 = 0, at = START; k0 < deep; k0 += depth(deep), at += strips * ROWS * STRIDE) {
            SimdStrips.rows(out, Math.min(depth(deep), deep - k0), w, k0, deep, left, at);
        }
        Parallel.rows(s.rows(), COLS, nanos(s, out), (from, to) -> {
            SimdPatches patches = new SimdPatches(s, 0, s.channels(), COLS);
            float[] right = SimdWorkspace.mine().unfolded(START + deep * COLS + SimdPatches.SLACK);
            float[] sums = SimdWorkspace.mine().products(START + strips * ROWS * COLS + SimdPatches.SLACK);
            for (int first = from; first < to; first += COLS) {
                int count = Math.min(COLS, to - first);
                patches.unfold(x, first, count, right, START, COLS);
                for (int k0 = 0, at = START; k0 < deep; k0 += depth(deep), at += strips * ROWS * STRIDE) {
                    int piece = Math.min(depth(deep), deep - k0);
                    for (int i = 0; i < out; i += ROWS) {
                        int rows = Math.min(ROWS, out - i);
                        int to0 = START + i * COLS;
                        tile(
                                rows,
                                piece,
                                true,
                                left,
                                at + i * STRIDE,
                                right,
                                START + k0 * COLS,
                                k0 > 0,
                                sums,
                                to0,
                                COLS);
                    }
                }
                copy(s, out, first, count, sums, y, true);
            }
        });
    }

    /** dx from dU = wᵀ·dy. */
    static void inputGradient(WindowShape s, int out, float[] w, float[] dy, float[] dx) {
        int cols = s.cols();
        int strips = strips(cols);
        int stripFloats = SimdStrips.length(depth(out));
        float[] left = SimdWorkspace.mine().left(START + pieces(out) * strips * stripFloats);
        for (int k0 = 0, at = START; k0 < out; k0 += depth(out), at += strips * stripFloats) {
            SimdStrips.columns(cols, Math.min(depth(out), out - k0), w, k0 * cols, cols, left, at);
        }
        Parallel.rows(s.batch(), together(s), nanos(s, out), (from, to) -> {
            SimdPatches patches = new SimdPatches(s, 0, s.channels(), COLS);
            float[] right = SimdWorkspace.mine().unfolded(START + out * COLS);
            float[] sums = SimdWorkspace.mine().products(START + strips * ROWS * COLS + SimdPatches.SLACK);
            int end = to * windows(s);
            for (int first = from * windows(s); first < end; first += COLS) {
                int count = Math.min(COLS, end - first);
                copy(s, out, first, count, right, dy, false);
                for (int k0 = 0, at = START; k0 < out; k0 += depth(out), at += strips * stripFloats) {
                    int piece = Math.min(depth(out), out - k0);
                    for (int i = 0; i < cols; i += ROWS) {
                        int rows = Math.min(ROWS, cols - i);
                        int a0 = at + i / ROWS * SimdStrips.length(piece);
                        tile(
                                rows,
                                piece,
                                false,
                                left,
                                a0,
                                right,
                                START + k0 * COLS,
                                k0 > 0,
                                sums,
                                START + i * COLS,
                                COLS);
                    }
                }
                patches.fold(sums, START, COLS, first, count, dx);
            }
        });
    }

    /** dw, the transpose of U·dyᵀ. */
    static void weightGradient(WindowShape s, int out, float[] x, float[] dy, float[] dw) {
        int panels = (out + COLS - 1) / COLS;
        int size = strips(s.cols()) * ROWS * panels * COLS;
        int parts = SimdMatMul.parts(s.rows(), out * s.cols());
        float[] sums = SimdWorkspace.mine().shares(START + parts * size);
        Parallel.rows(parts, 1, nanos(s, out), (from, to) -> {
            for (int part = from; part < to; part++) {
                int first = (int) ((long) s.rows() * part / parts);
                int end = (int) ((long) s.rows() * (part + 1) / parts);
                weightGradient(s, out, x, dy, first, end, sums, START + part * size);
            }
        });
        for (int part = 1; part < parts; part++) {
            SimdSums.add(size, sums, START + part * size, sums, START);
        }
        SimdHeadTile.transpose(s.cols(), out, 1, sums, START, panels * COLS, dw, 0, s.cols());
    }

    /** U·dyᵀ {@code [channels·kernel², panels·COLS]} of windows {@code first ... end}. */
    private static void weightGradient(
            WindowShape s, int out, float[] x, float[] dy, int first, int end, float[] sums, int to0) {
        int panels = (out + COLS - 1) / COLS;
        int depth = depth(end - first);
        float[] right = SimdWorkspace.mine().right(START + panels * COLS * depth);
        for (int q = first; q < end; q += depth) {
            int q0 = q;
            int deep = Math.min(depth, end - q);
            transpose(s, out, q, deep, dy, right);
            long nanos = (long) deep * out * s.cols() / SimdMatMul.MULTIPLY_ADDS_PER_NANO;
            Parallel.rows(s.channels(), channelStep(s), nanos, (c0, c1) -> {
                int step = channelStep(s);
                int some = step * Math.max(1, BLOCK / (step * s.kernel() * s.kernel() * STRIDE));
                for (int c = c0; c < c1; c += some) {
                    int next = Math.min(c1, c + some);
                    multiply(s, out, x, c, next, q0, deep, q0 > first, right, sums, to0);
                }
            });
        }
    }

    private static void multiply(
            WindowShape s,
            int out,
            float[] x,
            int c0,
            int c1,
            int q,
            int deep,
            boolean more,
            float[] right,
            float[] sums,
            int to0) {
        int panels = (out + COLS - 1) / COLS;
        int square = s.kernel() * s.kernel();
        int rows = (c1 - c0) * square;
        float[] left = SimdWorkspace.mine().unfolded(START + strips(rows) * ROWS * STRIDE + SimdPatches.SLACK);
        new SimdPatches(s, c0, c1, deep).unfold(x, q, deep, left, START, STRIDE);
        for (int i = 0; i < rows; i += ROWS) {
            for (int panel = 0; panel < panels; panel++) {
                int to = to0 + (c0 * square + i) * panels * COLS + panel * COLS;
                int b0 = START + panel * COLS * deep;
                tile(
                        Math.min(ROWS, rows - i),
                        deep,
                        true,
                        left,
                        START + i * STRIDE,
                        right,
                        b0,
                        more,
                        sums,
                        to,
                        panels * COLS);
            }
        }
    }

    /** Up to {@link #ROWS} rows of c = a·b, added to what c holds where there is more; c has room for all rows. */
    private static void tile(
            int rows,
            int deep,
            boolean inRows,
            float[] a,
            int a0,
            float[] b,
            int b0,
            boolean more,
            float[] c,
            int c0,
            int cRow) {
        float[] add = more ? c : SimdWorkspace.ZEROS;
        int add0 = more ? c0 : 0;
        int addRow = more ? cRow : 0;
        if (rows > SimdTile.ROWS && SimdTileChoice.tall()) {
            if (inRows) {
                SimdTallTile.rows(deep, a, a0, b, b0, add, add0, addRow, c, c0, cRow, SimdTallTile.NEVER);
            } else {
                SimdTallTile.columns(deep, a, a0, b, b0, add, add0, addRow, c, c0, cRow, SimdTallTile.NEVER);
            }
            return;
        }
        int down = inRows ? STRIDE : 1;
        int right = inRows ? 1 : ROWS;
        for (int r = 0; r < rows; r += SimdTile.ROWS) {
            int some = Math.min(SimdTile.ROWS, rows - r);
            int with = add0 + r * addRow;
            SimdTile.sum(
                    deep, a, a0 + r * down, down, right, b, b0, COLS, add, with, addRow, c, c0 + r * cRow, cRow, some);
        }
    }

    // ---- results and gradients, [batch, out, windows of an image]

    /** Copies some columns {@code [out, COLS]} to images, or from there. */
    private static void copy(
            WindowShape s, int out, int first, int count, float[] columns, float[] images, boolean toImages) {
        int windows = windows(s);
        for (int q = first; q < first + count; ) {
            int b = q / windows;
            int end = Math.min((b + 1) * windows, first + count);
            for (int o = 0; o < out; o++) {
                int column = START + o * COLS + q - first;
                int image = (b * out + o) * windows + q - b * windows;
                if (toImages) {
                    SimdPatches.move(columns, column, images, image, end - q);
                } else {
                    SimdPatches.move(images, image, columns, column, end - q);
                }
            }
            q = end;
        }
    }

    /** {@code deep} columns of dy as panels {@code [deep, COLS]}. */
    private static void transpose(WindowShape s, int out, int first, int deep, float[] dy, float[] right) {
        int windows = windows(s);
        for (int q = first; q < first + deep; ) {
            int b = q / windows;
            int end = Math.min((b + 1) * windows, first + deep);
            for (int o = 0; o < out; o += COLS) {
                int at = (b * out + o) * windows + q - b * windows;
                int to = START + o * deep + (q - first) * COLS;
                SimdHeadTile.transpose(Math.min(COLS, out - o), end - q, 1, dy, at, windows, right, to, COLS);
            }
            q = end;
        }
    }

    // ---- sizes

    private static int windows(WindowShape s) {
        return s.outHeight() * s.outWidth();
    }

    private static int strips(int rows) {
        return (rows + ROWS - 1) / ROWS;
    }

    private static int pieces(int k) {
        return (k + DEPTH - 1) / DEPTH;
    }

    private static int depth(int k) {
        return (k + pieces(k) - 1) / pieces(k);
    }

    /** Images whose windows fill panels, but for a sixteenth. */
    private static int together(WindowShape s) {
        int images = 1;
        while (Math.floorMod(-images * windows(s), COLS) > images * windows(s) / 16) {
            images++;
        }
        return images;
    }

    /** Channels whose rows fill strips. */
    private static int channelStep(WindowShape s) {
        int channels = 1;
        while (channels * s.kernel() * s.kernel() % ROWS > 0) {
            channels++;
        }
        return channels;
    }

    private static long nanos(WindowShape s, int out) {
        return (long) s.rows() * s.cols() * out / SimdMatMul.MULTIPLY_ADDS_PER_NANO;
    }
}
