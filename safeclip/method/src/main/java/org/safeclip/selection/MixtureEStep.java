package org.safeclip.selection;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.safeclip.tensor.cpu.Parallel;

/**
 * The E-step of {@link GaussianMixture}: one pass over the similarities of all pairs, on all cores, in vectors of doubles,
 * allocating nothing. It runs on the host, whatever the backend of the model.
 *
 * <p>With l_k = ln w_k N(x; m_k, v_k), one exponential e = e^−|l₁ − l₀| gives both shares, 1/(1 + e) and e/(1 + e), and the
 * density, since ln Σ e^l_k = max l_k + ln(1 + e). Logarithms are taken of products of some hundred such factors, none
 * above 2, rather than of each.
 *
 * <p>On the class path the JVM loads the vector module only with {@code --add-modules jdk.incubator.vector}. Without it the
 * same formulas run value by value in plain Java: slower, and the sums may differ in their last bits.
 */
final class MixtureEStep {
    private static final boolean VECTORS =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    private static final int BLOCK = 1 << 14; // values summed on their own, whatever the number of threads
    private static final int SUMS = 7;

    private final double[] means = new double[2];
    private final double[] constants = new double[2]; // ln w_k − ½ ln 2πv_k
    private final double[] slopes = new double[2]; // −1 / 2v_k
    private final double[] sums = new double[SUMS];
    private double[] shares = new double[0];

    /** A mixture without parameters: call {@link #set} before the first pass. */
    MixtureEStep() {}

    /** Sets weights, means and variances of the two components, two numbers each. */
    void set(double[] w, double[] m, double[] v) {
        for (int k = 0; k < 2; k++) {
            means[k] = m[k];
            constants[k] = Math.log(w[k]) - 0.5 * Math.log(2 * Math.PI * v[k]);
            slopes[k] = -0.5 / v[k];
        }
    }

    /**
     * Hard assignment, to initialise: values from {@code boundary} on belong to component 1, the others to component 0.
     * {@link #offsets} and {@link #squares} are then relative to the boundary; there is no likelihood.
     */
    void cut(double[] x, double boundary) {
        each(x, true, boundary);
    }

    /** One E-step over the values; afterwards the sums of this object describe them. */
    void pass(double[] x) {
        each(x, false, 0);
    }

    private void each(double[] x, boolean hard, double boundary) {
        int blocks = (x.length + BLOCK - 1) / BLOCK;
        if (shares.length < blocks * SUMS) {
            shares = new double[blocks * SUMS];
        }
        double[] partial = shares;
        Parallel.rows(blocks, 1, 2L * x.length, (from, to) -> {
            for (int b = from; b < to; b++) {
                int end = Math.min(x.length, (b + 1) * BLOCK);
                if (hard) {
                    cut(x, b * BLOCK, end, boundary, partial, b * SUMS);
                } else {
                    block(x, b * BLOCK, end, partial, b * SUMS);
                }
            }
        });
        for (int s = 0; s < SUMS; s++) {
            double sum = 0;
            for (int b = 0; b < blocks; b++) {
                sum += partial[b * SUMS + s];
            }
            sums[s] = sum;
        }
    }

    /** Log-likelihood of the last pass: Σ ln density. */
    double logLikelihood() {
        return sums[0];
    }

    /** Σ r over the values of the last pass, r the responsibility of component k. */
    double count(int k) {
        return sums[1 + 3 * k];
    }

    /** Σ r·(x − m_k) over the values of the last pass, r the responsibility of component k. */
    double offsets(int k) {
        return sums[2 + 3 * k];
    }

    /** Σ r·(x − m_k)² over the values of the last pass, r the responsibility of component k. */
    double squares(int k) {
        return sums[3 + 3 * k];
    }

    private static void cut(double[] x, int from, int to, double boundary, double[] out, int at) {
        double[] sums = {0, 0, 0, 0, 0};
        int i = VECTORS ? Vectors.cut(x, from, to, boundary, sums) : from;
        for (; i < to; i++) {
            double off = x[i] - boundary;
            double share = off >= 0 ? 1 : 0;
            sums[0] += share;
            sums[1] += off;
            sums[2] += off * off;
            sums[3] += share * off;
            sums[4] += share * off * off;
        }
        out[at] = 0;
        out[at + 1] = to - from - sums[0];
        out[at + 2] = sums[1] - sums[3];
        out[at + 3] = sums[2] - sums[4];
        out[at + 4] = sums[0];
        out[at + 5] = sums[3];
        out[at + 6] = sums[4];
    }

    private void block(double[] x, int from, int to, double[] out, int at) {
        for (int s = 0; s < SUMS; s++) {
            out[at + s] = 0;
        }
        int i = VECTORS ? Vectors.pass(x, from, to, means, constants, slopes, out, at) : from;
        for (; i < to; i++) {
            one(x[i], out, at);
        }
    }

    /** One value in plain Java: where there are no vectors, and the last values, which fill none. */
    private void one(double x, double[] out, int at) {
        double off0 = x - means[0];
        double off1 = x - means[1];
        double l0 = off0 * off0 * slopes[0] + constants[0];
        double l1 = off1 * off1 * slopes[1] + constants[1];
        double e = Math.exp(-Math.abs(l1 - l0));
        double share0 = (l1 >= l0 ? e : 1) / (1 + e);
        double share1 = (l1 >= l0 ? 1 : e) / (1 + e);
        out[at] += Math.max(l0, l1) + Math.log(1 + e);
        out[at + 1] += share0;
        out[at + 2] += share0 * off0;
        out[at + 3] += share0 * off0 * off0;
        out[at + 4] += share1;
        out[at + 5] += share1 * off1;
        out[at + 6] += share1 * off1 * off1;
    }

    /** The part that needs the vector module; this class is loaded only where the module is present. */
    private static final class Vectors {
        private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
        private static final int LANES = SPECIES.length();
        private static final int PRODUCT = 512; // factors of at most 2, within the range of a double
        private static final double ROUND = 0x1.8p52; // adding it leaves a rounded integer in the low bits
        private static final double LOG2_E = 1.4426950408889634;
        private static final double LN2_HIGH = 0x1.62e42fee00000p-1;
        private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
        private static final double LEAST = -708; // e^x is still a normal number

        /** Adds what full vectors give to the sums; returns where the values begin that fill none. */
        static int cut(double[] x, int from, int to, double boundary, double[] sums) {
            DoubleVector count1 = DoubleVector.zero(SPECIES);
            DoubleVector offsets = DoubleVector.zero(SPECIES);
            DoubleVector offsets1 = DoubleVector.zero(SPECIES);
            DoubleVector squares = DoubleVector.zero(SPECIES);
            DoubleVector squares1 = DoubleVector.zero(SPECIES);
            int i = from;
            for (; i <= to - LANES; i += LANES) {
                DoubleVector off = DoubleVector.fromArray(SPECIES, x, i).sub(boundary);
                DoubleVector share = DoubleVector.zero(SPECIES).blend(1, off.compare(VectorOperators.GE, 0));
                DoubleVector square = off.mul(off);
                count1 = count1.add(share);
                offsets = offsets.add(off);
                squares = squares.add(square);
                offsets1 = share.fma(off, offsets1);
                squares1 = share.fma(square, squares1);
            }
            for (int lane = 0; lane < LANES; lane++) {
                sums[0] += count1.lane(lane);
                sums[1] += offsets.lane(lane);
                sums[2] += squares.lane(lane);
                sums[3] += offsets1.lane(lane);
                sums[4] += squares1.lane(lane);
            }
            return i;
        }

        /** Adds what full vectors give to the sums; returns where the values begin that fill none. */
        static int pass(double[] x, int from, int to, double[] m, double[] c, double[] s, double[] out, int at) {
            int i = from;
            while (i <= to - LANES) {
                int end = i + Math.min((to - i) / LANES, PRODUCT) * LANES;
                product(x, i, end, m[0], m[1], c[0], c[1], s[0], s[1], out, at);
                i = end;
            }
            return i;
        }

        private static void product(
                double[] x,
                int from,
                int to,
                double mean0,
                double mean1,
                double constant0,
                double constant1,
                double slope0,
                double slope1,
                double[] out,
                int at) {
            DoubleVector tops = DoubleVector.zero(SPECIES);
            DoubleVector product = DoubleVector.broadcast(SPECIES, 1);
            DoubleVector count0 = DoubleVector.zero(SPECIES);
            DoubleVector offsets0 = DoubleVector.zero(SPECIES);
            DoubleVector squares0 = DoubleVector.zero(SPECIES);
            DoubleVector count1 = DoubleVector.zero(SPECIES);
            DoubleVector offsets1 = DoubleVector.zero(SPECIES);
            DoubleVector squares1 = DoubleVector.zero(SPECIES);
            for (int i = from; i < to; i += LANES) {
                DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
                DoubleVector off0 = v.sub(mean0);
                DoubleVector off1 = v.sub(mean1);
                DoubleVector square0 = off0.mul(off0);
                DoubleVector square1 = off1.mul(off1);
                DoubleVector l0 = square0.mul(slope0).add(constant0);
                DoubleVector l1 = square1.mul(slope1).add(constant1);
                DoubleVector odds = l1.sub(l0);
                DoubleVector e = exp(odds.abs().neg().max(LEAST));
                DoubleVector factor = e.add(1);
                DoubleVector large = DoubleVector.broadcast(SPECIES, 1).div(factor);
                DoubleVector small = e.mul(large);
                VectorMask<Double> upper = odds.compare(VectorOperators.GE, 0);
                DoubleVector share0 = large.blend(small, upper);
                DoubleVector share1 = small.blend(large, upper);
                tops = tops.add(l0.max(l1));
                product = product.mul(factor);
                count0 = count0.add(share0);
                count1 = count1.add(share1);
                offsets0 = share0.fma(off0, offsets0);
                offsets1 = share1.fma(off1, offsets1);
                squares0 = share0.fma(square0, squares0);
                squares1 = share1.fma(square1, squares1);
            }
            for (int lane = 0; lane < LANES; lane++) { // in this order on every machine, before and after compilation
                out[at] += tops.lane(lane) + Math.log(product.lane(lane));
                out[at + 1] += count0.lane(lane);
                out[at + 2] += offsets0.lane(lane);
                out[at + 3] += squares0.lane(lane);
                out[at + 4] += count1.lane(lane);
                out[at + 5] += offsets1.lane(lane);
                out[at + 6] += squares1.lane(lane);
            }
        }

        /** eˣ = 2ⁿ·eʳ for −708 ≤ x ≤ 0, n the nearest integer to x/ln 2, eʳ by its Taylor series: relative error 3e-16. */
        private static DoubleVector exp(DoubleVector x) {
            DoubleVector shifted = x.mul(LOG2_E).add(ROUND);
            DoubleVector n = shifted.sub(ROUND);
            DoubleVector r = n.fma(DoubleVector.broadcast(SPECIES, -LN2_HIGH), x);
            r = n.fma(DoubleVector.broadcast(SPECIES, -LN2_LOW), r);
            DoubleVector p = DoubleVector.broadcast(SPECIES, 1 / 479001600.0);
            p = p.fma(r, DoubleVector.broadcast(SPECIES, 1 / 39916800.0));
            p = p.fma(r, DoubleVector.broadcast(SPECIES, 1 / 3628800.0));
            p = p.fma(r, DoubleVector.broadcast(SPECIES, 1 / 362880.0));
            p = p.fma(r, DoubleVector.broadcast(SPECIES, 1 / 40320.0));
            p = p.fma(r, DoubleVector.broadcast(SPECIES, 1 / 5040.0));
            p = p.fma(r, DoubleVector.broadcast(SPECIES, 1 / 720.0));
            p = p.fma(r, DoubleVector.broadcast(SPECIES, 1 / 120.0));
            p = p.fma(r, DoubleVector.broadcast(SPECIES, 1 / 24.0));
            p = p.fma(r, DoubleVector.broadcast(SPECIES, 1 / 6.0));
            p = p.fma(r, DoubleVector.broadcast(SPECIES, 0.5));
            p = p.fma(r.mul(r), r).add(1);
            LongVector power = shifted.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            return p.reinterpretAsLongs().add(power).reinterpretAsDoubles();
        }
    }
}
