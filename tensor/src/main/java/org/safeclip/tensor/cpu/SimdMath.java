package org.safeclip.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of one number on a vector of them, by polynomials of our own: faster than the vector library of the JDK
 * and the same bits on every machine, at every vector width and in every lane.
 */
final class SimdMath {
    /** The widest vectors this machine is quick with. */
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Numbers in a vector. */
    static final int LANES = SPECIES.length();

    private static final VectorShuffle<Float> FAR_8 = VectorShuffle.iota(SPECIES, 8 % LANES, 1, true);
    private static final VectorShuffle<Float> FAR_4 = VectorShuffle.iota(SPECIES, 4 % LANES, 1, true);
    private static final VectorShuffle<Float> FAR_2 = VectorShuffle.iota(SPECIES, 2 % LANES, 1, true);
    private static final VectorShuffle<Float> FAR_1 = VectorShuffle.iota(SPECIES, 1 % LANES, 1, true);

    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final int ROOT_HALF_BITS = 0x3f3504f3;
    private static final float ROUND = 12582912; // 1.5·2²³: adding it leaves a rounded integer in the low bits

    private SimdMath() {}

    /**
     * Sum of all lanes, halves added to halves. {@code reduceLanes(ADD)} may take another order before the compiler has
     * come to it than after, and then the same program gives other bits.
     */
    static float sum(FloatVector x) {
        FloatVector s = x;
        if (LANES > 16) {
            return sumOf(s.toArray());
        }
        if (LANES > 8) {
            s = s.add(s.rearrange(FAR_8));
        }
        if (LANES > 4) {
            s = s.add(s.rearrange(FAR_4));
        }
        if (LANES > 2) {
            s = s.add(s.rearrange(FAR_2));
        }
        if (LANES > 1) {
            s = s.add(s.rearrange(FAR_1));
        }
        return s.lane(0);
    }

    /**
     * Sum of a vector in memory, where the compiler may not want to put the call in line: a vector passed to a call is
     * an object on the heap.
     */
    static float sum(float[] x, int at) {
        return sum(FloatVector.fromArray(SPECIES, x, at));
    }

    /** The largest of all lanes, NaN if there is one; the order does not matter here. */
    static float max(FloatVector x) {
        return x.reduceLanes(VectorOperators.MAX);
    }

    private static float sumOf(float[] x) {
        float s = 0;
        for (float one : x) {
            s += one;
        }
        return s;
    }

    /**
     * eˣ = 2ⁿ·eʳ with n the nearest integer to x/ln 2; eʳ by the polynomial of Cephes' expf (Moshier). Zero below −87,
     * where float32 ends; relative error 1e-7.
     */
    static FloatVector exp(FloatVector x) {
        return expNegative(x).blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, 88.72f));
    }

    /** 2ⁿ·eʳ for −87 ≤ x ≤ 88.72. */
    private static FloatVector power(FloatVector x) {
        FloatVector shifted = x.fma(FloatVector.broadcast(SPECIES, LOG2_E), FloatVector.broadcast(SPECIES, ROUND));
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), x);
        r = n.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), r);
        FloatVector p = FloatVector.broadcast(SPECIES, 1.9875691500e-4f);
        p = p.fma(r, FloatVector.broadcast(SPECIES, 1.3981999507e-3f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 8.3334519073e-3f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 4.1665795894e-2f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 1.6666665459e-1f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 5.0000001201e-1f));
        p = p.fma(r.mul(r), r).add(1f);
        IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return p.reinterpretAsInts().add(power).reinterpretAsFloats();
    }

    /** eˣ for x ≤ 0, as in a softmax: the same bits as {@link #exp} without looking for what is too large. */
    static FloatVector expNegative(FloatVector x) {
        return power(x).blend(0f, x.compare(VectorOperators.LT, -87f));
    }

    /**
     * {@code ln x = n·ln 2 + ln m} with {@code √½ ≤ m < √2} for finite x above 1e-38; ln m by the polynomial of Cephes' logf (Moshier),
     * relative error 2e-7.
     */
    static FloatVector logNormal(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        IntVector above = bits.sub(ROOT_HALF_BITS); // so that the mantissa starts at √½
        FloatVector n = (FloatVector) above.lanewise(VectorOperators.ASHR, 23).castShape(SPECIES, 0);
        FloatVector m = above.and(0x007fffff).add(ROOT_HALF_BITS).reinterpretAsFloats();
        FloatVector r = m.sub(1f);
        FloatVector p = FloatVector.broadcast(SPECIES, 7.0376836292e-2f);
        p = p.fma(r, FloatVector.broadcast(SPECIES, -1.1514610310e-1f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 1.1676998740e-1f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, -1.2420140846e-1f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 1.4249322787e-1f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, -1.6668057665e-1f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 2.0000714765e-1f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, -2.4999993993e-1f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 3.3333331174e-1f));
        FloatVector square = r.mul(r);
        FloatVector y = p.mul(r).mul(square);
        y = n.fma(FloatVector.broadcast(SPECIES, LN2_LOW), y);
        y = square.fma(FloatVector.broadcast(SPECIES, -0.5f), y).add(r);
        return n.fma(FloatVector.broadcast(SPECIES, LN2_HIGH), y);
    }

    /** tanh x: an odd polynomial (Cephes' tanhf) below 0.625, 1 − 2/(e²ˣ + 1) above. */
    static FloatVector tanh(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector e = exp(size.add(size));
        FloatVector far = FloatVector.broadcast(SPECIES, 1f)
                .sub(FloatVector.broadcast(SPECIES, 2f).div(e.add(1f)));
        FloatVector square = x.mul(x);
        FloatVector p = FloatVector.broadcast(SPECIES, -5.70498872745e-3f);
        p = p.fma(square, FloatVector.broadcast(SPECIES, 2.06390887954e-2f));
        p = p.fma(square, FloatVector.broadcast(SPECIES, -5.37397155531e-2f));
        p = p.fma(square, FloatVector.broadcast(SPECIES, 1.33314422036e-1f));
        p = p.fma(square, FloatVector.broadcast(SPECIES, -3.33332819422e-1f));
        FloatVector near = p.mul(square).fma(x, x);
        VectorMask<Float> negative = x.compare(VectorOperators.LT, 0f);
        far = far.blend(far.neg(), negative);
        return far.blend(near, size.compare(VectorOperators.LT, 0.625f));
    }

    /** σ(x) = 1 / (1 + e⁻ˣ). */
    static FloatVector sigmoid(FloatVector x) {
        return FloatVector.broadcast(SPECIES, 1f).div(exp(x.neg()).add(1f));
    }

    /**
     * Φ(x), the normal distribution function, where bell = e^(−x²/2): formula 7.1.26 of Abramowitz and Stegun for erf,
     * absolute error below 1.5e-7.
     */
    static FloatVector normal(FloatVector x, FloatVector bell) {
        FloatVector t = FloatVector.broadcast(SPECIES, 1f)
                .div(x.abs().fma(FloatVector.broadcast(SPECIES, 0.23164189f), FloatVector.broadcast(SPECIES, 1f)));
        FloatVector p = FloatVector.broadcast(SPECIES, 0.5307027145f);
        p = p.fma(t, FloatVector.broadcast(SPECIES, -0.7265760135f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, 0.7107068705f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, -0.142248368f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, 0.127414796f));
        FloatVector tail = p.mul(t).mul(bell);
        return tail.blend(FloatVector.broadcast(SPECIES, 1f).sub(tail), x.compare(VectorOperators.GT, 0f));
    }

    /** e^(−x²/2). */
    static FloatVector bell(FloatVector x) {
        return exp(x.mul(x).mul(-0.5f));
    }
}
