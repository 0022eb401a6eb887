package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * One loop for every function of {@link SimdMath}, over elements {@code from ... to} of a run; from is a multiple of
 * the vector length, so that an element is always computed in the same way wherever the run is cut.
 */
final class SimdMaps {
    private static final float QUICK = 1.702f;
    private static final float TWICE_ROOT_2_OVER_PI = 1.5957691f;
    private static final float CUBE = 0.044715f;
    private static final float ONE_OVER_ROOT_2_PI = 0.39894228f;

    private SimdMaps() {}

    /** scale·x + shift. */
    static void affine(int from, int to, float scale, float shift, float[] x, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = scale * x[i] + shift;
        }
    }

    /** −x. */
    static void neg(int from, int to, float[] x, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = -x[i];
        }
    }

    /** √x. */
    static void sqrt(int from, int to, float[] x, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = (float) Math.sqrt(x[i]);
        }
    }

    /** max(x, 0). */
    static void relu(int from, int to, float[] x, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = Math.max(x[i], 0);
        }
    }

    /** ln x, rare enough for the library's. */
    static void log(int from, int to, float[] x, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = (float) Math.log(x[i]);
        }
    }

    /** eˣ. */
    static void exp(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            SimdMath.exp(v).intoArray(y, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, rest);
            SimdMath.exp(v).intoArray(y, i, rest);
        }
    }

    /** tanh x. */
    static void tanh(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            SimdMath.tanh(v).intoArray(y, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, rest);
            SimdMath.tanh(v).intoArray(y, i, rest);
        }
    }

    /** σ(x). */
    static void sigmoid(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            SimdMath.sigmoid(v).intoArray(y, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, rest);
            SimdMath.sigmoid(v).intoArray(y, i, rest);
        }
    }

    /** x·Φ(x). */
    static void gelu(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            v.mul(SimdMath.normal(v, SimdMath.bell(v))).intoArray(y, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, rest);
            v.mul(SimdMath.normal(v, SimdMath.bell(v))).intoArray(y, i, rest);
        }
    }

    /** x·σ(2u), equal to ½x(1 + tanh u). */
    static void geluTanh(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            v.mul(SimdMath.sigmoid(twiceU(v))).intoArray(y, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, rest);
            v.mul(SimdMath.sigmoid(twiceU(v))).intoArray(y, i, rest);
        }
    }

    /** x·σ(1.702x). */
    static void quickGelu(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            v.mul(SimdMath.sigmoid(v.mul(QUICK))).intoArray(y, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, rest);
            v.mul(SimdMath.sigmoid(v.mul(QUICK))).intoArray(y, i, rest);
        }
    }

    /** dy·(Φ(x) + x·e^(−x²/2)/√(2π)). */
    static void geluGradient(int from, int to, float[] x, float[] dy, float[] dx) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            geluSlope(v).mul(FloatVector.fromArray(SPECIES, dy, i)).intoArray(dx, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, rest);
            geluSlope(v).mul(FloatVector.fromArray(SPECIES, dy, i, rest)).intoArray(dx, i, rest);
        }
    }

    /** dy·(s + x·s(1 − s)·2u′) with s = σ(2u). */
    static void geluTanhGradient(int from, int to, float[] x, float[] dy, float[] dx) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            geluTanhSlope(v).mul(FloatVector.fromArray(SPECIES, dy, i)).intoArray(dx, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, rest);
            geluTanhSlope(v).mul(FloatVector.fromArray(SPECIES, dy, i, rest)).intoArray(dx, i, rest);
        }
    }

    /** dy·(s + 1.702x·s(1 − s)) with s = σ(1.702x). */
    static void quickGeluGradient(int from, int to, float[] x, float[] dy, float[] dx) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            quickGeluSlope(v).mul(FloatVector.fromArray(SPECIES, dy, i)).intoArray(dx, i);
        }
        if (i < to) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i, rest);
            quickGeluSlope(v).mul(FloatVector.fromArray(SPECIES, dy, i, rest)).intoArray(dx, i, rest);
        }
    }

    /** 2u = 2√(2/π)(x + 0.044715x³). */
    private static FloatVector twiceU(FloatVector x) {
        FloatVector cubed = x.mul(x).mul(x);
        return cubed.fma(FloatVector.broadcast(SPECIES, CUBE), x).mul(TWICE_ROOT_2_OVER_PI);
    }

    private static FloatVector geluSlope(FloatVector x) {
        FloatVector bell = SimdMath.bell(x);
        return x.mul(bell).fma(FloatVector.broadcast(SPECIES, ONE_OVER_ROOT_2_PI), SimdMath.normal(x, bell));
    }

    private static FloatVector geluTanhSlope(FloatVector x) {
        FloatVector s = SimdMath.sigmoid(twiceU(x));
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        FloatVector twiceSlope =
                x.mul(x).fma(FloatVector.broadcast(SPECIES, 3 * CUBE), one).mul(TWICE_ROOT_2_OVER_PI);
        return x.mul(s).mul(one.sub(s)).fma(twiceSlope, s);
    }

    private static FloatVector quickGeluSlope(FloatVector x) {
        FloatVector scaled = x.mul(QUICK);
        FloatVector s = SimdMath.sigmoid(scaled);
        return scaled.mul(s).fma(FloatVector.broadcast(SPECIES, 1f).sub(s), s);
    }
}
