package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.Reduction;

/**
 * Reductions of many numbers into one: sums of short runs are added up in double precision, sums of columns in blocks
 * of rows, so that neither the error nor the order depends on the number of threads.
 */
final class SimdSums {
    private static final int BLOCK_ROWS = 64;
    private static final int CHUNK = 1024;

    private SimdSums() {}

    /** y[c] = reduction over o and i of x[o, c, i]. */
    static void reduce(Reduction reduction, BroadcastShape s, float[] x, float[] y) {
        if (s.inner() == 1 && s.count() > 1) {
            columns(reduction, s.outer(), s.count(), x, y);
        } else if (s.count() == 1) {
            y[0] = run(reduction, s.outer() * s.inner(), x);
        } else {
            Parallel.rows(s.count(), 1, s.size() / 8, (from, to) -> {
                for (int c = from; c < to; c++) {
                    y[c] = channel(reduction, s, c, x);
                }
            });
        }
    }

    private static float run(Reduction reduction, int n, float[] x) {
        return channel(reduction, new BroadcastShape(1, 1, n), 0, x);
    }

    private static float channel(Reduction reduction, BroadcastShape s, int c, float[] x) {
        double sum = 0;
        float max = Float.NEGATIVE_INFINITY;
        for (int o = 0; o < s.outer(); o++) {
            int first = (o * s.count() + c) * s.inner();
            for (int at = first; at < first + s.inner(); at += CHUNK) {
                int end = Math.min(first + s.inner(), at + CHUNK);
                switch (reduction) {
                    case SUM -> sum += sum(at, end, x);
                    case MAX -> max = Math.max(max, max(at, end, x));
                }
            }
        }
        return switch (reduction) {
            case SUM -> (float) sum;
            case MAX -> max;
        };
    }

    /** Sum of x[from ... to]. */
    static float sum(int from, int to, float[] x) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            sums = sums.add(FloatVector.fromArray(SPECIES, x, i));
        }
        float rest = 0;
        for (; i < to; i++) {
            rest += x[i];
        }
        return SimdMath.sum(sums) + rest;
    }

    private static float max(int from, int to, float[] x) {
        FloatVector lowest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector most = lowest;
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            most = most.max(FloatVector.fromArray(SPECIES, x, i));
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            most = most.max(lowest.blend(FloatVector.fromArray(SPECIES, x, i, rest), rest));
        }
        return most.reduceLanes(VectorOperators.MAX);
    }

    private static void columns(Reduction reduction, int rows, int cols, float[] x, float[] y) {
        int blocks = Math.max(1, (rows + BLOCK_ROWS - 1) / BLOCK_ROWS);
        float[] shares = SimdWorkspace.mine().rest(blocks * cols);
        float start = reduction == Reduction.SUM ? 0 : Float.NEGATIVE_INFINITY;
        Parallel.rows(blocks, 1, (long) rows * cols / 8, (from, to) -> {
            for (int block = from; block < to; block++) {
                int share = block * cols;
                Arrays.fill(shares, share, share + cols, start);
                int last = Math.min(rows, (block + 1) * BLOCK_ROWS);
                for (int r = block * BLOCK_ROWS; r < last; r++) {
                    reduceInto(reduction, cols, x, r * cols, shares, share);
                }
            }
        });
        combine(reduction, blocks, cols, cols, shares, 0, y);
    }

    /** y[c] = reduction over blocks b, in order, of shares[at + b·stride + c]. */
    static void combine(Reduction reduction, int blocks, int cols, int stride, float[] shares, int at, float[] y) {
        Arrays.fill(y, 0, cols, reduction == Reduction.SUM ? 0 : Float.NEGATIVE_INFINITY);
        for (int block = 0; block < blocks; block++) {
            reduceInto(reduction, cols, shares, at + block * stride, y, 0);
        }
    }

    private static void reduceInto(Reduction reduction, int cols, float[] x, int x0, float[] y, int y0) {
        switch (reduction) {
            case SUM -> add(cols, x, x0, y, y0);
            case MAX -> keepLarger(cols, x, x0, y, y0);
        }
    }

    /** y[y0 + c] += x[x0 + c]. */
    static void add(int cols, float[] x, int x0, float[] y, int y0) {
        int c = 0; // by hand, as the compiler cannot know that x and y are two arrays
        for (; c <= cols - LANES; c += LANES) {
            FloatVector.fromArray(SPECIES, y, y0 + c)
                    .add(FloatVector.fromArray(SPECIES, x, x0 + c))
                    .intoArray(y, y0 + c);
        }
        for (; c < cols; c++) {
            y[y0 + c] += x[x0 + c];
        }
    }

    private static void keepLarger(int cols, float[] x, int x0, float[] y, int y0) {
        for (int c = 0; c < cols; c++) {
            y[y0 + c] = Math.max(y[y0 + c], x[x0 + c]);
        }
    }
}
