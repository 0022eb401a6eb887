package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdTile.COLS;
import static org.safeclip.tensor.cpu.SimdTile.ROWS;
import static org.safeclip.tensor.cpu.SimdWorkspace.START;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.MatMulShape;

/**
 * Matrix products y = op(a)·op(b) + bias.
 *
 * <p>k is cut into pieces, and b is packed piece by piece into panels that the tiles read; a b of few columns, or for few
 * rows, is read where it lies. Where {@link SimdTallTile} pays, and where a is transposed, strips of a are packed, too:
 * {@link SimdPackedBlock}. Elsewhere rows of a are read where they lie, in tiles of {@link SimdTile}: there b is packed in
 * groups that stay in the second-level cache, a strip of a stays in the first while it meets panel after panel, and its
 * rows of y are written from left to right.
 *
 * <p>The result is cut by strips (or by panels, where it is wide and low) among the threads: one thread computes each
 * number, in an order that depends on the sizes alone.
 */
final class SimdMatMul {
    private static final int DEPTH = SimdTallTile.DEPTH; // of a piece of k
    private static final int SHALLOW = 256; // of a piece where both operands are read in place, against their rows
    private static final int PACKED_FLOATS = 131072; // of b at a time where a is read in place
    private static final int NEAR = 64; // rows of a transposed a are read in place where they are no longer
    private static final int FEW_ROWS = 2 * ROWS; // for which it does not pay to pack b
    private static final int DOT_ROWS = 4;
    private static final int PARTS = 8; // that a long sum with a small result is cut into
    private static final int LONG = 2048;
    private static final int SMALL = 32768;

    /** What a thread does, to estimate whether a product is worth sharing out. */
    static final long MULTIPLY_ADDS_PER_NANO = 40;

    private SimdMatMul() {}

    /** Something to be done to numbers of the result while they are still in a cache. */
    @FunctionalInterface
    interface Finish {
        /** Numbers {@code from ... to} of y have their final sums. */
        void run(int from, int to);
    }

    /** Every product of the batch; several are shared out whole among the threads. */
    static void batch(MatMulShape s, float[] a, float[] b, float[] y, @Nullable Finish finish) {
        long nanos = (long) s.batch() * s.m() * s.n() * s.k() / MULTIPLY_ADDS_PER_NANO;
        Parallel.rows(s.batch(), 1, s.batch() == 1 ? 0 : nanos, (from, to) -> {
            for (int z = from; z < to; z++) {
                int a0 = z * s.m() * s.k();
                int b0 = z * s.k() * s.n();
                Matrix left = s.transposeA() ? Matrix.columns(a, a0, s.m()) : Matrix.rows(a, a0, s.k());
                Matrix right = s.transposeB() ? Matrix.columns(b, b0, s.k()) : Matrix.rows(b, b0, s.n());
                product(s.m(), s.n(), s.k(), left, right, null, y, z * s.m() * s.n(), finish);
            }
        });
    }

    /**
     * Where the numbers of op(a) or op(b) lie: (i, j) at {@code start + i·down + j·right}, one of the two steps being
     * 1.
     */
    record Matrix(float[] x, int start, int down, int right) {
        /** Lies row by row. */
        static Matrix rows(float[] x, int start, int cols) {
            return new Matrix(x, start, cols, 1);
        }

        /** Lies column by column. */
        static Matrix columns(float[] x, int start, int rows) {
            return new Matrix(x, start, 1, rows);
        }

        /** The first number of row i. */
        int row(int i) {
            return start + i * down;
        }

        /** The first number of column j. */
        int column(int j) {
            return start + j * right;
        }
    }

    /**
     * One product.
     *
     * @param bias n numbers added to every row, or none
     * @param finish called for all numbers of the result, in any order and maybe by several threads
     */
    static void product(
            int m,
            int n,
            int k,
            Matrix a,
            Matrix b,
            float @Nullable [] bias,
            float[] y,
            int y0,
            @Nullable Finish finish) {
        boolean longRows = a.right() == 1;
        if (n == 1 && longRows) { // the only column of b is contiguous, whichever way it lies
            Parallel.rows(
                    m,
                    DOT_ROWS,
                    (long) m * k / 8,
                    (from, to) -> SimdDots.rows(from, to, k, a.x(), a.start(), a.down(), b.x(), b.start(), y, y0, 1));
            addAndFinish(m, n, bias, y, y0, finish);
        } else if (n == 1 && bias == null) { // (aᵀ·b)ᵀ = bᵀ·a
            Matrix x = new Matrix(b.x(), b.start(), 0, 1);
            Matrix w = new Matrix(a.x(), a.start(), a.right(), 1);
            whole(1, m, k, x, w, null, y, y0, finish);
        } else if (m <= DOT_ROWS && b.down() == 1 && (longRows || m == 1)) {
            for (int i = 0; i < m; i++) {
                int row = a.row(i);
                int to = y0 + i * n;
                Parallel.rows(
                        n,
                        DOT_ROWS,
                        (long) n * k / 8,
                        (from, end) -> SimdDots.rows(from, end, k, b.x(), b.start(), b.right(), a.x(), row, y, to, 1));
            }
            addAndFinish(m, n, bias, y, y0, finish);
        } else if (!longRows && b.right() == 1 && bias == null && parts(k, m * n) > 1) {
            inParts(m, n, k, a, b, y, y0, finish);
        } else {
            whole(m, n, k, a, b, bias, y, y0, finish);
        }
    }

    /** Into how many parts a sum over k with so many results is cut. */
    static int parts(int k, int results) {
        return k >= LONG && results <= SMALL ? PARTS : 1;
    }

    private static void addAndFinish(
            int m, int n, float @Nullable [] bias, float[] y, int y0, @Nullable Finish finish) {
        for (int i = 0; bias != null && i < m; i++) {
            SimdSums.add(n, bias, 0, y, y0 + i * n);
        }
        if (finish != null) {
            finish.run(y0, y0 + m * n);
        }
    }

    /**
     * The product aᵀ·b with a long k and few results, as the gradient of a weight is: parts of k are summed on their
     * own, as many for any number of threads, and added up in order.
     */
    private static void inParts(int m, int n, int k, Matrix a, Matrix b, float[] y, int y0, @Nullable Finish finish) {
        int size = m * n;
        float[] shares = SimdWorkspace.mine().rest((PARTS - 1) * size);
        Parallel.rows(PARTS, 1, (long) size * k / MULTIPLY_ADDS_PER_NANO, (from, to) -> {
            for (int part = from; part < to; part++) {
                int k0 = (int) ((long) k * part / PARTS);
                int deep = (int) ((long) k * (part + 1) / PARTS) - k0;
                Matrix left = Matrix.columns(a.x(), a.column(k0), m);
                Matrix right = Matrix.rows(b.x(), b.row(k0), n);
                whole(m, n, deep, left, right, null, part == 0 ? y : shares, part == 0 ? y0 : (part - 1) * size, null);
            }
        });
        for (int part = 1; part < PARTS; part++) {
            SimdSums.add(size, shares, (part - 1) * size, y, y0);
        }
        addAndFinish(m, n, null, y, y0, finish);
    }

    private static void whole(
            int m,
            int n,
            int k,
            Matrix a,
            Matrix b,
            float @Nullable [] bias,
            float[] y,
            int y0,
            @Nullable Finish finish) {
        int panels = (n + COLS - 1) / COLS;
        SimdWorkspace mine = SimdWorkspace.mine();
        float[] add = mine.row(panels * COLS);
        for (int j = 0; j < panels * COLS; j++) {
            add[j] = bias != null && j < n ? bias[j] : 0;
        }
        int over = panels * COLS - n; // read beyond a row of b by the last panel
        boolean inPlace = b.right() == 1 && (n <= COLS || m <= FEW_ROWS);
        int there = inPlace && n > 0 ? Math.max(0, k - (over + n - 1) / n) : 0; // rows of b that are read in place
        boolean byRows = (m + ROWS - 1) / ROWS >= panels;
        Pass pass = new Pass(m, n, a, b, add, y, y0, byRows ? finish : null);
        pass.run(0, there, there == k, true);
        if (there < k || k == 0) {
            pass.run(there, k, true, false);
        }
        if (!byRows && finish != null) {
            finish.run(y0, y0 + m * n);
        }
    }

    /** The rows of b from one to another, which are all packed or all read in place. */
    private record Pass(
            int m,
            int n,
            Matrix a,
            Matrix b,
            float[] add,
            float[] y,
            int y0,
            @Nullable Finish finish) {

        void run(int from, int to, boolean last, boolean inPlace) {
            int k = to - from;
            if (k == 0 && !last) {
                return;
            }
            int panels = (n + COLS - 1) / COLS;
            int most = inPlace && a.right() != 1 ? SHALLOW : DEPTH;
            int pieces = Math.max(1, (k + most - 1) / most);
            int depth = Math.max(1, (k + pieces - 1) / pieces);
            boolean tall = !inPlace && SimdPackedBlock.tallPays(m, n);
            boolean packLeft = tall || (a.right() != 1 && m > NEAR);
            int fit = inPlace
                    ? panels
                    : Math.max(1, (packLeft ? SimdPackedBlock.PACKED : PACKED_FLOATS) / (depth * COLS));
            int groups = (panels + fit - 1) / fit;
            int group = groups == 0 ? 1 : (panels + groups - 1) / groups;
            for (int k0 = from; k0 == from || k0 < to; k0 += depth) {
                for (int first = 0; first < panels; first += group) {
                    int end = Math.min(panels, first + group);
                    boolean done = last && k0 + depth >= to && end == panels;
                    piece(k0, Math.min(depth, to - k0), first, end, inPlace, packLeft, tall, done);
                }
            }
        }

        private void piece(
                int k0, int deep, int first, int end, boolean inPlace, boolean packLeft, boolean tall, boolean done) {
            long nanos = (long) m * Math.min(n, (end - first) * COLS) * deep / MULTIPLY_ADDS_PER_NANO;
            float[] right = b.x();
            if (!inPlace) {
                float[] packed = SimdWorkspace.mine().right(START + (end - first) * COLS * deep);
                right = packed;
                Parallel.rows(
                        end - first,
                        1,
                        (long) (end - first) * COLS * deep / 4,
                        (p0, p1) -> pack(k0, deep, first, first + p0, first + p1, packed));
            }
            float[] from = right;
            boolean byRows = (m + ROWS - 1) / ROWS >= (n + COLS - 1) / COLS;
            if (packLeft) {
                int b0 = inPlace ? b.row(k0) + first * COLS : START;
                int bPanel = inPlace ? COLS : COLS * deep;
                int bStep = inPlace ? b.down() : COLS;
                Finish then = done ? finish : null;
                SimdPackedBlock block =
                        new SimdPackedBlock(n, a, k0, deep, from, b0, bPanel, bStep, first, add, y, y0, then, tall);
                if (byRows) {
                    Parallel.rows(m, SimdTallTile.ROWS, nanos, (r0, r1) -> block.run(r0, r1, first, end));
                } else {
                    Parallel.rows(end - first, 1, nanos, (p0, p1) -> block.run(0, m, first + p0, first + p1));
                }
            } else if (byRows) {
                Parallel.rows(
                        m, ROWS, nanos, (r0, r1) -> block(r0, r1, k0, deep, first, first, end, from, inPlace, done));
            } else {
                Parallel.rows(
                        end - first,
                        1,
                        nanos,
                        (p0, p1) -> block(0, m, k0, deep, first, first + p0, first + p1, from, inPlace, done));
            }
        }

        private void pack(int k0, int deep, int first, int p0, int p1, float[] packed) {
            int to = START + (p0 - first) * COLS * deep;
            if (b.right() == 1) {
                SimdPack.rows(p0, p1, n, deep, b.x(), b.row(k0), b.down(), packed, to);
            } else {
                SimdPack.columns(p0, p1, n, deep, b.x(), b.row(k0), b.right(), packed, to);
            }
        }

        private void block(
                int r0,
                int r1,
                int k0,
                int deep,
                int first,
                int p0,
                int p1,
                float[] right,
                boolean inPlace,
                boolean done) {
            for (int i = r0; i < r1; i += ROWS) {
                int rows = Math.min(ROWS, r1 - i);
                int a0 = a.row(i) + k0 * a.right();
                int bStep = inPlace ? b.down() : COLS;
                for (int panel = p0; panel < p1; panel++) {
                    int b0 = inPlace ? b.row(k0) + panel * COLS : START + (panel - first) * COLS * deep;
                    int to = y0 + i * n + panel * COLS;
                    SimdTile.anywhere(
                            rows,
                            n,
                            panel * COLS,
                            k0 > 0,
                            deep,
                            a.x(),
                            a0,
                            a.down(),
                            a.right(),
                            right,
                            b0,
                            bStep,
                            add,
                            y,
                            to);
                }
                if (done && finish != null) {
                    finish.run(y0 + i * n, y0 + (i + rows) * n);
                }
            }
        }
    }
}
