package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Kernels that look at one row of a matrix at a time: softmax, cross-entropy and L2 normalisation, over rows {@code from
 * ... to}. A row is whole vectors and at most one masked rest.
 */
final class SimdRows {
    private SimdRows() {}

    static void softmax(int from, int to, int cols, float[] x, float[] y) {
        int full = SPECIES.loopBound(cols);
        VectorMask<Float> rest = SPECIES.indexInRange(full, cols);
        for (int r = from; r < to; r++) {
            int row = r * cols;
            float max = max(row, cols, full, rest, x);
            FloatVector sums = FloatVector.zero(SPECIES);
            for (int c = 0; c < full; c += LANES) {
                FloatVector e =
                        SimdMath.exp(FloatVector.fromArray(SPECIES, x, row + c).sub(max));
                sums = sums.add(e);
                e.intoArray(y, row + c);
            }
            if (full < cols) {
                FloatVector e = SimdMath.exp(
                        FloatVector.fromArray(SPECIES, x, row + full, rest).sub(max));
                sums = sums.add(FloatVector.zero(SPECIES).blend(e, rest));
                e.intoArray(y, row + full, rest);
            }
            scale(row, cols, 1 / SimdMath.sum(sums), y);
        }
    }

    private static void scale(int row, int cols, float factor, float[] y) {
        for (int i = row; i < row + cols; i++) {
            y[i] *= factor;
        }
    }

    private static float max(int row, int cols, int full, VectorMask<Float> rest, float[] x) {
        FloatVector lowest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector most = lowest;
        for (int c = 0; c < full; c += LANES) {
            most = most.max(FloatVector.fromArray(SPECIES, x, row + c));
        }
        if (full < cols) {
            most = most.max(lowest.blend(FloatVector.fromArray(SPECIES, x, row + full, rest), rest));
        }
        return most.reduceLanes(VectorOperators.MAX);
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

    private static int first(float value, int row, int cols, float[] x) {
        int c = 0;
        while (c < cols - 1 && x[row + c] != value) {
            c++;
        }
        return c;
    }

    /** The same number by number, where there are some that are none. */
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
        for (int c = 0; c < full; c += LANES) {
            sums = FloatVector.fromArray(SPECIES, x, row + c).fma(FloatVector.fromArray(SPECIES, y, row + c), sums);
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
            for (int i = row; i < row + cols; i++) {
                dx[i] = y[i] * (dy[i] - dot);
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
            for (int i = row; i < row + cols; i++) {
                y[i] = x[i] * inverse;
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
            for (int i = row; i < row + cols; i++) {
                dx[i] = (dy[i] - y[i] * dot) * inverse;
            }
        }
    }

    static void crossEntropy(int from, int to, int cols, float[] x, int[] targets, float[] losses, float[] logSums) {
        int full = SPECIES.loopBound(cols);
        VectorMask<Float> rest = SPECIES.indexInRange(full, cols);
        for (int r = from; r < to; r++) {
            int row = r * cols;
            float max = max(row, cols, full, rest, x);
            FloatVector sums = FloatVector.zero(SPECIES);
            for (int c = 0; c < full; c += LANES) {
                sums = sums.add(
                        SimdMath.exp(FloatVector.fromArray(SPECIES, x, row + c).sub(max)));
            }
            if (full < cols) {
                FloatVector e = SimdMath.exp(
                        FloatVector.fromArray(SPECIES, x, row + full, rest).sub(max));
                sums = sums.add(FloatVector.zero(SPECIES).blend(e, rest));
            }
            double logSum = max + Math.log(SimdMath.sum(sums));
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
            float logSum = logSums[r];
            float dloss = dlosses[r];
            for (int c = 0; c < full; c += LANES) {
                FloatVector e =
                        SimdMath.exp(FloatVector.fromArray(SPECIES, x, row + c).sub(logSum));
                e.mul(dloss).intoArray(dx, row + c);
            }
            if (full < cols) {
                FloatVector e = SimdMath.exp(
                        FloatVector.fromArray(SPECIES, x, row + full, rest).sub(logSum));
                e.mul(dloss).intoArray(dx, row + full, rest);
            }
            // shares add up to 1, so share - 1 is minus the others: no digits lost where the target's share is nearly 1
            dx[row + targets[r]] = 0;
            FloatVector others = FloatVector.zero(SPECIES);
            for (int c = 0; c < full; c += LANES) {
                others = others.add(FloatVector.fromArray(SPECIES, dx, row + c));
            }
            if (full < cols) {
                others = others.add(FloatVector.fromArray(SPECIES, dx, row + full, rest));
            }
            dx[row + targets[r]] = -SimdMath.sum(others);
        }
    }
}
