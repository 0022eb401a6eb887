package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;
import static org.safeclip.tensor.cpu.SimdTile.COLS;
import static org.safeclip.tensor.cpu.SimdTile.ROWS;
import static org.safeclip.tensor.cpu.SimdWorkspace.START;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.MatMulShape;

/**
 * Matrix products y = op(a)·op(b) + bias.
 *
 * <p>b is packed into panels {@code [k, COLS]}, zero-padded on the right. k is cut so that a piece of a panel stays in
 * the first-level cache, and the rows of a so that a block of them stays in the second. Rows of a are read where they
 * lie; only a transposed a is packed. The result is cut by rows (or by panels, where it is wide and low) among the
 * threads: one thread computes each number, in an order that depends on the sizes alone.
 */
final class SimdMatMul {
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
    private static final int DEPTH = 512; // of a piece of a panel of b, which is read from the first two caches
    private static final int PACKED_FLOATS = 98304; // of b packed at a time, so that it is still in a cache when read
    private static final int BLOCK_FLOATS = 32768; // block of rows of a, and of y, for the second-level cache
    private static final int FEW_ROWS = 8;
    private static final int WIDE = 512; // of a wider y, only so much is hoped to stay in a cache
    private static final int PARTS = 8; // that a long sum with a small result is cut into
    private static final int LONG = 2048;
    private static final int SMALL = 32768;
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
        if (ta && !tb && bias == null && k >= LONG && m * n <= SMALL) {
            inParts(m, n, k, a, a0, b, b0, y, y0);
        } else {
            whole(m, n, k, a, a0, ta, b, b0, tb, bias, y, y0);
        }
    }

    /**
     * The product aᵀ·b with a long k and few results, as the gradient of a weight is: parts of k are summed on their own,
     * as many for any number of threads, and added up in order.
     */
    private static void inParts(int m, int n, int k, float[] a, int a0, float[] b, int b0, float[] y, int y0) {
        int size = m * n;
        float[] shares = SimdWorkspace.mine().rest((PARTS - 1) * size);
        Parallel.rows(PARTS, 1, (long) size * k / MULTIPLY_ADDS_PER_NANO, (from, to) -> {
            for (int part = from; part < to; part++) {
                int k0 = (int) ((long) k * part / PARTS);
                int deep = (int) ((long) k * (part + 1) / PARTS) - k0;
                float[] share = part == 0 ? y : shares;
                int at = part == 0 ? y0 : (part - 1) * size;
                whole(m, n, deep, a, a0 + k0 * m, true, b, b0 + k0 * n, false, null, share, at);
            }
        });
        for (int part = 1; part < PARTS; part++) {
            SimdSums.add(size, shares, (part - 1) * size, y, y0);
        }
    }

    private static void whole(
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
        int most = Math.clamp(PACKED_FLOATS / (panels * COLS), DEPTH / 2, DEPTH);
        int pieces = Math.max(1, (k + most - 1) / most);
        int depth = Math.max(1, (k + pieces - 1) / pieces);
        int chunk = depth * Math.max(1, PACKED_FLOATS / (depth * panels * COLS));
        float[] packed = mine.right(START + panels * COLS * Math.min(k, chunk));
        float[] add = mine.row(panels * COLS);
        for (int j = 0; j < panels * COLS; j++) {
            add[j] = bias != null && j < n ? bias[j] : 0;
        }
        for (int k0 = 0; k0 == 0 || k0 < k; k0 += chunk) {
            int from = k0;
            int deep = Math.min(chunk, k - k0);
            long nanos = (long) m * n * deep / MULTIPLY_ADDS_PER_NANO;
            pack(n, k, from, deep, b, b0, tb, packed);
            if ((m + ROWS - 1) / ROWS >= panels) {
                Parallel.rows(
                        m,
                        ROWS,
                        nanos,
                        (r0, r1) ->
                                block(r0, r1, 0, panels, m, n, k, from, deep, depth, a, a0, ta, packed, add, y, y0));
            } else {
                Parallel.rows(
                        panels,
                        1,
                        nanos,
                        (p0, p1) -> block(0, m, p0, p1, m, n, k, from, deep, depth, a, a0, ta, packed, add, y, y0));
            }
        }
    }

    /** Packs numbers {@code from ... from + deep} over k of every panel. */
    private static void pack(int n, int k, int from, int deep, float[] b, int b0, boolean tb, float[] packed) {
        long nanos = (long) n * deep / 2;
        if (tb) {
            Parallel.rows((n + COLS - 1) / COLS, 1, nanos, (p0, p1) -> {
                for (int panel = p0; panel < p1; panel++) {
                    int first = panel * COLS;
                    packColumns(
                            Math.min(COLS, n - first), k, deep, b, b0 + first * k + from, packed, START + first * deep);
                }
            });
        } else {
            Parallel.rows(deep, FEW_ROWS, nanos, (p0, p1) -> {
                for (int p = p0; p < p1; p += FEW_ROWS) {
                    packRows(p, Math.min(p1, p + FEW_ROWS), n, deep, b, b0 + from * n, packed);
                }
            });
        }
    }

    /** A few rows of b at a time, from one panel to the next, so that memory is read in the order in which it lies. */
    private static void packRows(int from, int to, int n, int deep, float[] b, int b0, float[] packed) {
        int first = 0;
        for (; first + COLS <= n; first += COLS) {
            for (int p = from; p < to; p++) {
                int row = b0 + p * n + first;
                int at = START + first * deep + p * COLS;
                FloatVector.fromArray(SPECIES, b, row).intoArray(packed, at);
                FloatVector.fromArray(SPECIES, b, row + LANES).intoArray(packed, at + LANES);
            }
        }
        if (first < n) {
            int rows = to - from;
            packNarrowRows(n - first, n, rows, b, b0 + from * n + first, packed, START + first * deep + from * COLS);
        }
    }

    private static void packNarrowRows(int cols, int n, int rows, float[] b, int b0, float[] packed, int to) {
        VectorMask<Float> left = SPECIES.indexInRange(0, cols);
        VectorMask<Float> right = SPECIES.indexInRange(Math.min(LANES, cols), cols);
        int second = Math.min(LANES, cols); // where the numbers of the right half start; none may be left for it
        for (int p = 0; p < rows; p++) {
            int row = b0 + p * n;
            FloatVector.fromArray(SPECIES, b, row, left).intoArray(packed, to + p * COLS);
            FloatVector.fromArray(SPECIES, b, row + second, right).intoArray(packed, to + p * COLS + LANES);
        }
    }

    private static void packColumns(int cols, int k, int deep, float[] b, int b0, float[] packed, int to) {
        int j = 0;
        for (; j + 4 <= cols; j += 4) {
            packFour(k, deep, b, b0 + j * k, packed, to + j);
        }
        for (; j < COLS; j++) {
            for (int p = 0; p < deep; p++) {
                packed[to + p * COLS + j] = j < cols ? b[b0 + j * k + p] : 0;
            }
        }
    }

    private static void packFour(int k, int deep, float[] b, int b0, float[] packed, int to) {
        for (int p = 0; p < deep; p++) {
            packed[to + p * COLS] = b[b0 + p];
            packed[to + p * COLS + 1] = b[b0 + k + p];
            packed[to + p * COLS + 2] = b[b0 + 2 * k + p];
            packed[to + p * COLS + 3] = b[b0 + 3 * k + p];
        }
    }

    /** Adds what k {@code from ... from + deep} contributes to rows r0 ... r1 and panels p0 ... p1 of the result. */
    private static void block(
            int r0,
            int r1,
            int p0,
            int p1,
            int m,
            int n,
            int k,
            int from,
            int deep,
            int depth,
            float[] a,
            int a0,
            boolean ta,
            float[] packed,
            float[] add,
            float[] y,
            int y0) {
        int high = Math.max(ROWS, BLOCK_FLOATS / Math.max(depth, Math.min(WIDE, (p1 - p0) * COLS)) / ROWS * ROWS);
        float[] left = ta ? SimdWorkspace.mine().left(START + high / ROWS * leftPanel(depth)) : a;
        for (int d = 0; d == 0 || d < deep; d += depth) {
            int piece = Math.min(depth, deep - d);
            int k0 = from + d;
            for (int i = r0; i < r1; i += high) {
                int end = Math.min(r1, i + high);
                if (ta) {
                    packLeft(i, end, m, piece, a, a0 + k0 * m, left);
                }
                for (int panel = p0; panel < p1; panel++) {
                    int first = panel * COLS;
                    int b0 = START + first * deep + d * COLS;
                    int cols = Math.min(COLS, n - first);
                    int c0 = y0 + first;
                    if (cols == COLS) {
                        strip(i, end, n, k, piece, left, a0 + k0, ta, packed, b0, add, first, k0 > 0, y, c0);
                    } else {
                        edge(i, end, n, k, piece, left, a0 + k0, ta, packed, b0, add, first, k0 > 0, y, c0, cols);
                    }
                }
            }
        }
    }

    /** Length of a panel of a with its gap: panels a power of two apart would fight for the same lines of the cache. */
    private static int leftPanel(int deep) {
        return deep * ROWS + 16;
    }

    /**
     * Packs rows {@code from ... to} of a transposed a into panels {@code [k, ROWS]}: four panels at a time, since their
     * numbers share a line of the cache.
     */
    private static void packLeft(int from, int to, int m, int deep, float[] a, int a0, float[] left) {
        int i = from;
        for (; i + 4 * ROWS <= to; i += 4 * ROWS) {
            packFourPanels(m, deep, a, a0 + i, left, START + (i - from) / ROWS * leftPanel(deep));
        }
        for (; i < to; i += ROWS) {
            int at = START + (i - from) / ROWS * leftPanel(deep);
            if (i + ROWS <= to) {
                packPanel(m, deep, a, a0 + i, left, at);
            } else {
                packRest(to - i, m, deep, a, a0 + i, left, at);
            }
        }
    }

    private static void packFourPanels(int m, int deep, float[] a, int a0, float[] left, int at) {
        int next = leftPanel(deep);
        for (int p = 0; p < deep; p++) {
            int row = a0 + p * m;
            int to = at + p * ROWS;
            FloatVector.fromArray(FOUR, a, row).intoArray(left, to);
            FloatVector.fromArray(FOUR, a, row + ROWS).intoArray(left, to + next);
            FloatVector.fromArray(FOUR, a, row + 2 * ROWS).intoArray(left, to + 2 * next);
            FloatVector.fromArray(FOUR, a, row + 3 * ROWS).intoArray(left, to + 3 * next);
        }
    }

    private static void packPanel(int m, int deep, float[] a, int a0, float[] left, int at) {
        for (int p = 0; p < deep; p++) {
            FloatVector.fromArray(FOUR, a, a0 + p * m).intoArray(left, at + p * ROWS);
        }
    }

    private static void packRest(int rows, int m, int deep, float[] a, int a0, float[] left, int at) {
        for (int r = 0; r < rows; r++) {
            for (int p = 0; p < deep; p++) {
                left[at + p * ROWS + r] = a[a0 + p * m + r];
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
            tile(i, i - from, rows, k, deep, a, a0, ta, b, b0, with, with0, stride, y, c0, n);
        }
    }

    /** One tile, of row {@code i} of the result and those below: the {@code at}-th of the packed rows, where a is packed. */
    private static void tile(
            int i,
            int at,
            int rows,
            int k,
            int deep,
            float[] a,
            int a0,
            boolean ta,
            float[] b,
            int b0,
            float[] with,
            int with0,
            int stride,
            float[] c,
            int c0,
            int cStride) {
        if (ta) {
            int left = START + at / ROWS * leftPanel(deep);
            SimdTile.packed(deep, a, left, b, b0, with, with0, stride, c, c0, cStride, rows);
        } else {
            int last = a0 + (i + rows - 1) * k;
            int r0 = a0 + i * k;
            int r1 = Math.min(r0 + k, last);
            int r2 = Math.min(r0 + 2 * k, last);
            SimdTile.rows(deep, a, r0, r1, r2, last, b, b0, with, with0, stride, c, c0, cStride, rows);
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
            tile(i, i - from, rows, k, deep, a, a0, ta, b, b0, with, with0, stride, tile, 0, COLS);
            for (int r = 0; r < rows; r++) {
                System.arraycopy(tile, r * COLS, y, y0 + (i + r) * n, cols);
            }
        }
    }
}
