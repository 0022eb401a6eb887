package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Inner products of rows with one vector: a matrix product with a single row or column, which no tile is good at. */
final class SimdDots {
    private SimdDots() {}

    /**
     * y[y0 + r·yStep] = Σ_p x[x0 + r·step + p]·v[v0 + p] for rows {@code from ... to}.
     *
     * @param k length of the sums
     */
    static void rows(
            int from, int to, int k, float[] x, int x0, int step, float[] v, int v0, float[] y, int y0, int yStep) {
        int r = from;
        for (; r + 4 <= to; r += 4) {
            four(k, x, x0 + r * step, step, v, v0, y, y0 + r * yStep, yStep);
        }
        for (; r < to; r++) {
            y[y0 + r * yStep] = one(k, x, x0 + r * step, v, v0);
        }
    }

    private static void four(int k, float[] x, int x0, int step, float[] v, int v0, float[] y, int y0, int yStep) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int x1 = x0 + step;
        int x2 = x1 + step;
        int x3 = x2 + step;
        int p = 0;
        for (; p < SPECIES.loopBound(k); p += LANES) {
            FloatVector w = FloatVector.fromArray(SPECIES, v, v0 + p);
            s0 = w.fma(FloatVector.fromArray(SPECIES, x, x0 + p), s0);
            s1 = w.fma(FloatVector.fromArray(SPECIES, x, x1 + p), s1);
            s2 = w.fma(FloatVector.fromArray(SPECIES, x, x2 + p), s2);
            s3 = w.fma(FloatVector.fromArray(SPECIES, x, x3 + p), s3);
        }
        if (p < k) {
            VectorMask<Float> rest = SPECIES.indexInRange(p, k);
            FloatVector w = FloatVector.fromArray(SPECIES, v, v0 + p, rest);
            s0 = w.fma(FloatVector.fromArray(SPECIES, x, x0 + p, rest), s0);
            s1 = w.fma(FloatVector.fromArray(SPECIES, x, x1 + p, rest), s1);
            s2 = w.fma(FloatVector.fromArray(SPECIES, x, x2 + p, rest), s2);
            s3 = w.fma(FloatVector.fromArray(SPECIES, x, x3 + p, rest), s3);
        }
        y[y0] = SimdMath.sum(s0);
        y[y0 + yStep] = SimdMath.sum(s1);
        y[y0 + 2 * yStep] = SimdMath.sum(s2);
        y[y0 + 3 * yStep] = SimdMath.sum(s3);
    }

    /** The sum in the order of {@link #four}, so that a number is the same wherever the rows are cut. */
    private static float one(int k, float[] x, int x0, float[] v, int v0) {
        FloatVector s = FloatVector.zero(SPECIES);
        int p = 0;
        for (; p < SPECIES.loopBound(k); p += LANES) {
            s = FloatVector.fromArray(SPECIES, v, v0 + p).fma(FloatVector.fromArray(SPECIES, x, x0 + p), s);
        }
        if (p < k) {
            VectorMask<Float> rest = SPECIES.indexInRange(p, k);
            FloatVector w = FloatVector.fromArray(SPECIES, v, v0 + p, rest);
            s = w.fma(FloatVector.fromArray(SPECIES, x, x0 + p, rest), s);
        }
        return SimdMath.sum(s);
    }
}
