package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Softmax of every row: e^(x − max) divided by its sum. */
final class SimdSoftmax {
    /** Numbers of the rows that are taken together: they stay in the first-level cache. */
    private static final int BLOCK = 2048;

    private SimdSoftmax() {}

    /**
     * Some rows at a time: numbers of two rows share a vector and its exponential function, where row by row each row's
     * last, half empty vector needs one of its own.
     */
    static void rows(int from, int to, int cols, float[] x, float[] y) {
        if (cols < LANES) {
            few(from, to, cols, x, y);
            return;
        }
        int rows = Math.max(1, BLOCK / cols);
        float[] block = SimdWorkspace.mine().row(rows * cols + LANES);
        int overlap = (LANES - cols % LANES) % LANES; // of a row's last vector with the one before it
        VectorMask<Float> fresh = SPECIES.indexInRange(0, overlap).not();
        for (int r = from; r < to; r += rows) {
            int some = Math.min(rows, to - r);
            for (int i = 0; i < some; i++) {
                lower((r + i) * cols, cols, x, i * cols, block);
            }
            exponentials(some * cols, block);
            for (int i = 0; i < some; i++) {
                share(i * cols, cols, fresh, block, (r + i) * cols, y);
            }
        }
    }

    /** The row less its largest number. The last vector overlaps the one before it, with equal values. */
    private static void lower(int row, int cols, float[] x, int at, float[] block) {
        int last = cols - LANES;
        FloatVector end = FloatVector.fromArray(SPECIES, x, row + last);
        FloatVector most = end;
        for (int c = 0; c < last; c += LANES) {
            most = most.max(FloatVector.fromArray(SPECIES, x, row + c));
        }
        float max = SimdMath.max(most);
        for (int c = 0; c < last; c += LANES) {
            FloatVector.fromArray(SPECIES, x, row + c).sub(max).intoArray(block, at + c);
        }
        end.sub(max).intoArray(block, at + last);
    }

    /** e^x of numbers up to zero, in place; also of some behind them, to whole vectors. */
    private static void exponentials(int n, float[] block) {
        for (int i = 0; i < n; i += LANES) {
            SimdMath.expNegative(FloatVector.fromArray(SPECIES, block, i)).intoArray(block, i);
        }
    }

    /** The row divided by its sum; {@code fresh} are the numbers of its last vector that are in no other. */
    private static void share(int at, int cols, VectorMask<Float> fresh, float[] block, int row, float[] y) {
        int last = cols - LANES;
        FloatVector end = FloatVector.fromArray(SPECIES, block, at + last);
        int c = 0;
        FloatVector sums = FloatVector.zero(SPECIES);
        for (; c < last; c += LANES) {
            sums = sums.add(FloatVector.fromArray(SPECIES, block, at + c));
        }
        float inverse = 1 / SimdMath.sum(sums.add(end, fresh));
        for (c = 0; c < last; c += LANES) {
            FloatVector.fromArray(SPECIES, block, at + c).mul(inverse).intoArray(y, row + c);
        }
        end.mul(inverse).intoArray(y, row + last);
    }

    /** Softmax of rows shorter than a vector, each padded with −∞. */
    private static void few(int from, int to, int cols, float[] x, float[] y) {
        VectorMask<Float> rest = SPECIES.indexInRange(0, cols);
        for (int r = from; r < to; r++) {
            FloatVector padded = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY)
                    .blend(FloatVector.fromArray(SPECIES, x, r * cols, rest), rest);
            FloatVector e = SimdMath.expNegative(padded.sub(SimdMath.max(padded)));
            e.mul(1 / SimdMath.sum(e)).intoArray(y, r * cols, rest);
        }
    }
}
