package org.safeclip.bench.ladder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Softmax of every row of x [rows, cols], e^(x − max) divided by its sum, in rungs. The exponential is nearly all of
 * it.
 */
final class SoftmaxRungs {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f; // ln 2 in two parts, so that n·ln 2 loses no digits
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float SMALLEST = -87; // e^x of less is no normal number: taken as e^-87
    private static final float MAGIC = 12582912; // 1.5·2^23: adding it rounds to a whole number

    private SoftmaxRungs() {}

    /** 1. The definition, with the library's exponential of doubles. */
    static void definition(int rows, int cols, float[] x, float[] y) {
        for (int r = 0; r < rows; r++) {
            int row = r * cols;
            float max = max(row, cols, x);
            double sum = 0;
            for (int c = row; c < row + cols; c++) {
                sum += Math.exp(x[c] - max);
            }
            for (int c = row; c < row + cols; c++) {
                y[c] = (float) (Math.exp(x[c] - max) / sum);
            }
        }
    }

    /** 2. Each exponential once: kept in y until the sum is known. */
    static void onceEach(int rows, int cols, float[] x, float[] y) {
        for (int r = 0; r < rows; r++) {
            int row = r * cols;
            float max = max(row, cols, x);
            float sum = 0;
            for (int c = row; c < row + cols; c++) {
                y[c] = (float) Math.exp(x[c] - max);
                sum += y[c];
            }
            scale(row, cols, 1 / sum, y);
        }
    }

    /** 3. An exponential of our own: e^x = 2^n·e^r with |r| ≤ ½ ln 2, e^r by a polynomial of float accuracy. */
    static void polynomial(int rows, int cols, float[] x, float[] y) {
        for (int r = 0; r < rows; r++) {
            int row = r * cols;
            float max = max(row, cols, x);
            float sum = 0;
            for (int c = row; c < row + cols; c++) {
                y[c] = exp(x[c] - max);
                sum += y[c];
            }
            scale(row, cols, 1 / sum, y);
        }
    }

    /** 4. Vectors: a whole vector of exponentials at a time, masked where the row ends. */
    static void vectors(int rows, int cols, float[] x, float[] y) {
        int full = SPECIES.loopBound(cols);
        VectorMask<Float> rest = SPECIES.indexInRange(full, cols);
        for (int r = 0; r < rows; r++) {
            int row = r * cols;
            float max = vectorMax(row, cols, full, x);
            FloatVector sums = FloatVector.zero(SPECIES);
            for (int c = 0; c < full; c += LANES) {
                FloatVector e = exps(FloatVector.fromArray(SPECIES, x, row + c).sub(max));
                e.intoArray(y, row + c);
                sums = sums.add(e);
            }
            if (full < cols) {
                FloatVector e =
                        exps(FloatVector.fromArray(SPECIES, x, row + full, rest).sub(max));
                e.intoArray(y, row + full, rest);
                sums = sums.add(e, rest);
            }
            scale(row, cols, 1 / sums.reduceLanes(VectorOperators.ADD), y);
        }
    }

    private static float max(int row, int cols, float[] x) {
        float max = Float.NEGATIVE_INFINITY;
        for (int c = row; c < row + cols; c++) {
            max = Math.max(max, x[c]);
        }
        return max;
    }

    private static float vectorMax(int row, int cols, int full, float[] x) {
        FloatVector most = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int c = 0; c < full; c += LANES) {
            most = most.max(FloatVector.fromArray(SPECIES, x, row + c));
        }
        float max = most.reduceLanes(VectorOperators.MAX);
        for (int c = row + full; c < row + cols; c++) {
            max = Math.max(max, x[c]);
        }
        return max;
    }

    private static void scale(int row, int cols, float factor, float[] y) {
        for (int c = row; c < row + cols; c++) {
            y[c] *= factor;
        }
    }

    /** e^x of x ≤ 0, Taylor's series to the sixth power. */
    static float exp(float x) {
        float bounded = Math.max(x, SMALLEST);
        float n = (bounded * LOG2_E + MAGIC) - MAGIC;
        float r = (bounded - n * LN2_HIGH) - n * LN2_LOW;
        float p = 1 + r * (1 + r * (1 / 2f + r * (1 / 6f + r * (1 / 24f + r * (1 / 120f + r * (1 / 720f))))));
        return p * Float.intBitsToFloat(((int) n + 127) << 23);
    }

    private static FloatVector exps(FloatVector x) {
        FloatVector bounded = x.max(SMALLEST);
        FloatVector n = bounded.mul(LOG2_E).add(MAGIC).sub(MAGIC);
        FloatVector r = bounded.sub(n.mul(LN2_HIGH)).sub(n.mul(LN2_LOW));
        FloatVector p = FloatVector.broadcast(SPECIES, 1 / 720f);
        p = p.mul(r).add(1 / 120f);
        p = p.mul(r).add(1 / 24f);
        p = p.mul(r).add(1 / 6f);
        p = p.mul(r).add(1 / 2f);
        p = p.mul(r).add(1);
        p = p.mul(r).add(1);
        // MAGIC + 127 + n has n + 127 in its lowest bits: shifted to where a float keeps its exponent, that is 2^n
        FloatVector power = n.add(MAGIC + 127)
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, 23)
                .reinterpretAsFloats();
        return p.mul(power);
    }
}
