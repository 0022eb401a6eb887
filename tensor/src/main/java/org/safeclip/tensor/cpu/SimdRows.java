package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Row-wise kernels over rows {@code from ... to}: argmax, the gradient of softmax, cross-entropy and L2 normalisation.
 * A row is whole vectors and at most one masked rest.
 */
final class SimdRows {
    private SimdRows() {}

    /** Copies a row and fills its last vector with −∞, so that what follows needs no mask; the largest number. */
    private static float pad(int row, int cols, int full, VectorMask<Float> rest, float[] x, float[] padded) {
        FloatVector most = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int c = 0; c < full; c += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, row + c);
            v.intoArray(padded, c);
            most = most.max(v);
        }
        if (full < cols) {
            FloatVector last = FloatVector.fromArray(SPECIES, x, row + full, rest);
            FloatVector v =
                    FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY).blend(last, rest);
            v.intoArray(padded, full);
            most = most.max(v);
        }
        return SimdMath.max(most);
    }

    /** e^(x − max) in place over whole vectors, and a vector of sums behind them. */
    private static void exponentials(int cols, float max, float[] padded) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int c = 0;
        for (; c < cols; c += LANES) {
            FloatVector e = SimdMath.expNegative(
                    FloatVector.fromArray(SPECIES, padded, c).sub(max));
            e.intoArray(padded, c);
            sums = sums.add(e);
        }
        sums.intoArray(padded, c);
    }

    private static float max(int row, int cols, int full, VectorMask<Float> rest, float[] x) {
        FloatVector most = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int c = row; c < row + full; c += LANES) {
            most = most.max(FloatVector.fromArray(SPECIES, x, c));
        }
        if (full < cols) {
            FloatVector last = FloatVector.fromArray(SPECIES, x, row + full, rest);
            most = most.max(
                    FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY).blend(last, rest));
        }
        return SimdMath.max(most);
    }

    /** The first of the largest numbers of each row. */
    static void argmax(int from, int to, int cols, float[] x, int[] at) {
        int full = SPECIES.loopBound(cols);
        VectorMask<Float> rest = SPECIES.indexInRange(full, cols);
        for (int r = from; r < to; r++) {
            int row = r * cols;
            float max = max(row, cols, full, rest, x);
            at[r] = Float.isNaN(max) ? winner(row, cols, x) : first(max, row, cols, x);
        }
    }

    /** Where the row first holds the value. */
    static int first(float value, int row, int cols, float[] x) {
        int c = 0;
        for (; c <= cols - LANES; c += LANES) {
            VectorMask<Float> same = FloatVector.fromArray(SPECIES, x, row + c).compare(VectorOperators.EQ, value);
            if (same.anyTrue()) {
                return c + same.firstTrue();
            }
        }
        while (c < cols - 1 && x[row + c] != value) {
            c++;
        }
        return c;
    }

    /** Column of the first maximum, element by element, for a row that holds NaN. */
    private static int winner(int row, int cols, float[] x) {
        int winner = 0;
        for (int c = 1; c < cols; c++) {
            if (x[row + c] > x[row + winner]) {
                winner = c;
            }
        }
        return winner;
    }

    private static float dot(int row, int cols, int full, VectorMask<Float> rest, float[] x, float[] y) {
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int c = row; c < row + full; c += LANES) {
            sums = FloatVector.fromArray(SPECIES, x, c).fma(FloatVector.fromArray(SPECIES, y, c), sums);
        }
        if (full < cols) {
            sums = FloatVector.fromArray(SPECIES, x, row + full, rest)
                    .fma(FloatVector.fromArray(SPECIES, y, row + full, rest), sums);
        }
        return SimdMath.sum(sums);
    }

    static void softmaxGradient(int from, int to, int cols, float[] y, float[] dy, float[] dx) {
        int full = SPECIES.loopBound(cols);
        VectorMask<Float> rest = SPECIES.indexInRange(full, cols);
        for (int r = from; r < to; r++) {
            int row = r * cols;
            float dot = dot(row, cols, full, rest, y, dy);
            for (int c = row; c < row + full; c += LANES) {
                FloatVector.fromArray(SPECIES, dy, c)
                        .sub(dot)
                        .mul(FloatVector.fromArray(SPECIES, y, c))
                        .intoArray(dx, c);
            }
            if (full < cols) {
                FloatVector.fromArray(SPECIES, dy, row + full, rest)
                        .sub(dot)
                        .mul(FloatVector.fromArray(SPECIES, y, row + full, rest))
                        .intoArray(dx, row + full, rest);
            }
        }
    }

    static void l2Normalize(int from, int to, int cols, float epsilon, float[] x, float[] y, float[] norms) {
        int full = SPECIES.loopBound(cols);
        VectorMask<Float> rest = SPECIES.indexInRange(full, cols);
        for (int r = from; r < to; r++) {
            int row = r * cols;
            float norm = Math.max((float) Math.sqrt(dot(row, cols, full, rest, x, x)), epsilon);
            float inverse = 1 / norm;
            for (int c = row; c < row + full; c += LANES) {
                FloatVector.fromArray(SPECIES, x, c).mul(inverse).intoArray(y, c);
            }
            if (full < cols) {
                FloatVector.fromArray(SPECIES, x, row + full, rest).mul(inverse).intoArray(y, row + full, rest);
            }
            norms[r] = norm;
        }
    }

    static void l2NormalizeGradient(
            int from, int to, int cols, float epsilon, float[] y, float[] norms, float[] dy, float[] dx) {
        int full = SPECIES.loopBound(cols);
        VectorMask<Float> rest = SPECIES.indexInRange(full, cols);
        for (int r = from; r < to; r++) {
            int row = r * cols;
            float dot = norms[r] > epsilon ? dot(row, cols, full, rest, y, dy) : 0;
            float inverse = 1 / norms[r];
            for (int c = row; c < row + full; c += LANES) {
                FloatVector.fromArray(SPECIES, dy, c)
                        .sub(FloatVector.fromArray(SPECIES, y, c).mul(dot))
                        .mul(inverse)
                        .intoArray(dx, c);
            }
            if (full < cols) {
                FloatVector.fromArray(SPECIES, dy, row + full, rest)
                        .sub(FloatVector.fromArray(SPECIES, y, row + full, rest).mul(dot))
                        .mul(inverse)
                        .intoArray(dx, row + full, rest);
            }
        }
    }

    static void crossEntropy(int from, int to, int cols, float[] x, int[] targets, float[] losses, float[] logSums) {
        int full = SPECIES.loopBound(cols);
        VectorMask<Float> rest = SPECIES.indexInRange(full, cols);
        int end = full < cols ? full + LANES : full;
        float[] padded = SimdWorkspace.mine().row(end + LANES);
        for (int r = from; r < to; r++) {
            int row = r * cols;
            float max = pad(row, cols, full, rest, x, padded);
            exponentials(cols, max, padded);
            double logSum = max + Math.log(SimdMath.sum(padded, end));
            logSums[r] = (float) logSum;
            losses[r] = (float) (logSum - x[row + targets[r]]);
        }
    }

    static void crossEntropyGradient(
            int from, int to, int cols, float[] x, int[] targets, float[] logSums, float[] dlosses, float[] dx) {
        int full = SPECIES.loopBound(cols);
        VectorMask<Float> rest = SPECIES.indexInRange(full, cols);
        for (int r = from; r < to; r++) {
            int row = r * cols;
            shares(row, cols, full, rest, logSums[r], dlosses[r], x, dx);
            // shares add up to 1, so share - 1 is minus the others: no digits lost where the target's share is nearly 1
            dx[row + targets[r]] = 0;
            dx[row + targets[r]] = -sum(row, cols, full, rest, dx);
        }
    }

    /** dx = dloss·e^(x − logSum). */
    private static void shares(
            int row, int cols, int full, VectorMask<Float> rest, float logSum, float dloss, float[] x, float[] dx) {
        for (int c = row; c < row + full; c += LANES) {
            SimdMath.exp(FloatVector.fromArray(SPECIES, x, c).sub(logSum))
                    .mul(dloss)
                    .intoArray(dx, c);
        }
        if (full < cols) {
            SimdMath.exp(FloatVector.fromArray(SPECIES, x, row + full, rest).sub(logSum))
                    .mul(dloss)
                    .intoArray(dx, row + full, rest);
        }
    }

    private static float sum(int row, int cols, int full, VectorMask<Float> rest, float[] x) {
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int c = row; c < row + full; c += LANES) {
            sums = sums.add(FloatVector.fromArray(SPECIES, x, c));
        }
        if (full < cols) {
            sums = sums.add(FloatVector.fromArray(SPECIES, x, row + full, rest));
        }
        return SimdMath.sum(sums);
    }
}
