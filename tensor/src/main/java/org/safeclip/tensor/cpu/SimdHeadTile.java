package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The small products of one attention head: tiles of {@link #ROWS} rows by one or two vectors, held in registers while
 * the sum runs (see {@link SimdTile} for why no more), whose operands need no packing.
 */
final class SimdHeadTile {
    /** Rows of a tile. */
    static final int ROWS = 4;

    private static final int SIDE = 4; // of the blocks that are transposed
    private static final float[] NOTHING = new float[2 * LANES];
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
    private static final VectorShuffle<Float> BY_ONE = VectorShuffle.fromValues(FOUR, 1, 0, 3, 2);
    private static final VectorShuffle<Float> BY_TWO = VectorShuffle.fromValues(FOUR, 2, 3, 0, 1);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(FOUR, 0b1010);
    private static final VectorMask<Float> HIGH = VectorMask.fromLong(FOUR, 0b1100);

    private SimdHeadTile() {}

    /** out[d, r] = scale·x[r, d] for {@code rows} rows of {@code width} numbers, {@code stride} apart. */
    static void transpose(
            int rows, int width, float scale, float[] x, int x0, int stride, float[] out, int out0, int outStride) {
        int r = 0;
        for (; r <= rows - SIDE; r += SIDE) {
            int d = 0;
            for (; d <= width - SIDE; d += SIDE) {
                square(scale, x, x0 + r * stride + d, stride, out, out0 + d * outStride + r, outStride);
            }
            for (; d < width; d++) {
                for (int i = r; i < r + SIDE; i++) {
                    out[out0 + d * outStride + i] = scale * x[x0 + i * stride + d];
                }
            }
        }
        for (; r < rows; r++) {
            for (int d = 0; d < width; d++) {
                out[out0 + d * outStride + r] = scale * x[x0 + r * stride + d];
            }
        }
    }

    /** Transposes the 2 x 2 blocks of four rows, then swaps the blocks. */
    private static void square(float scale, float[] x, int at, int stride, float[] out, int to, int outStride) {
        FloatVector a = FloatVector.fromArray(FOUR, x, at).mul(scale);
        FloatVector b = FloatVector.fromArray(FOUR, x, at + stride).mul(scale);
        FloatVector c = FloatVector.fromArray(FOUR, x, at + 2 * stride).mul(scale);
        FloatVector d = FloatVector.fromArray(FOUR, x, at + 3 * stride).mul(scale);
        FloatVector ab = a.blend(b.rearrange(BY_ONE), ODD);
        FloatVector ba = a.rearrange(BY_ONE).blend(b, ODD);
        FloatVector cd = c.blend(d.rearrange(BY_ONE), ODD);
        FloatVector dc = c.rearrange(BY_ONE).blend(d, ODD);
        ab.blend(cd.rearrange(BY_TWO), HIGH).intoArray(out, to);
        ba.blend(dc.rearrange(BY_TWO), HIGH).intoArray(out, to + outStride);
        ab.rearrange(BY_TWO).blend(cd, HIGH).intoArray(out, to + 2 * outStride);
        ba.rearrange(BY_TWO).blend(dc, HIGH).intoArray(out, to + 3 * outStride);
    }

    /** s[r, i] = Σ_d x[r, d]·turned[d, i] for four rows of x, which lie in place, and two vectors of i. */
    static void two(
            int width,
            float[] x,
            int r0,
            int r1,
            int r2,
            int r3,
            float[] work,
            int turned,
            int turnedStride,
            int s,
            int stride) {
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = FloatVector.zero(SPECIES);
        FloatVector s10 = FloatVector.zero(SPECIES);
        FloatVector s11 = FloatVector.zero(SPECIES);
        FloatVector s20 = FloatVector.zero(SPECIES);
        FloatVector s21 = FloatVector.zero(SPECIES);
        FloatVector s30 = FloatVector.zero(SPECIES);
        FloatVector s31 = FloatVector.zero(SPECIES);
        int at = turned;
        for (int d = 0; d < width; d++) {
            FloatVector t0 = FloatVector.fromArray(SPECIES, work, at);
            FloatVector t1 = FloatVector.fromArray(SPECIES, work, at + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, x[r0 + d]);
            s00 = x0.fma(t0, s00);
            s01 = x0.fma(t1, s01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, x[r1 + d]);
            s10 = x1.fma(t0, s10);
            s11 = x1.fma(t1, s11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, x[r2 + d]);
            s20 = x2.fma(t0, s20);
            s21 = x2.fma(t1, s21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, x[r3 + d]);
            s30 = x3.fma(t0, s30);
            s31 = x3.fma(t1, s31);
            at += turnedStride;
        }
        s00.intoArray(work, s);
        s01.intoArray(work, s + LANES);
        s10.intoArray(work, s + stride);
        s11.intoArray(work, s + stride + LANES);
        s20.intoArray(work, s + 2 * stride);
        s21.intoArray(work, s + 2 * stride + LANES);
        s30.intoArray(work, s + 3 * stride);
        s31.intoArray(work, s + 3 * stride + LANES);
    }

    /** s[r, i] = Σ_d x[r, d]·turned[d, i] for four rows of x and one vector of i. */
    static void one(
            int width,
            float[] x,
            int r0,
            int r1,
            int r2,
            int r3,
            float[] work,
            int turned,
            int turnedStride,
            int s,
            int stride) {
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s10 = FloatVector.zero(SPECIES);
        FloatVector s20 = FloatVector.zero(SPECIES);
        FloatVector s30 = FloatVector.zero(SPECIES);
        int at = turned;
        for (int d = 0; d < width; d++) {
            FloatVector t0 = FloatVector.fromArray(SPECIES, work, at);
            FloatVector x0 = FloatVector.broadcast(SPECIES, x[r0 + d]);
            s00 = x0.fma(t0, s00);
            FloatVector x1 = FloatVector.broadcast(SPECIES, x[r1 + d]);
            s10 = x1.fma(t0, s10);
            FloatVector x2 = FloatVector.broadcast(SPECIES, x[r2 + d]);
            s20 = x2.fma(t0, s20);
            FloatVector x3 = FloatVector.broadcast(SPECIES, x[r3 + d]);
            s30 = x3.fma(t0, s30);
            at += turnedStride;
        }
        s00.intoArray(work, s);
        s10.intoArray(work, s + stride);
        s20.intoArray(work, s + 2 * stride);
        s30.intoArray(work, s + 3 * stride);
    }

    /**
     * out[r, d] = Σ_t c[r, t]·x[t, d] for up to four rows, added to what is there if {@code more}.
     *
     * @param depth how many t
     * @param c0 where c[0, 0] lies; the next r is {@code rStep}, the next t {@code tStep} further
     */
    static void rows(
            int rows,
            int width,
            int depth,
            float[] c,
            int c0,
            int rStep,
            int tStep,
            float[] x,
            int x0,
            int stride,
            boolean more,
            float[] out,
            int out0,
            int outStride) {
        int c1 = rows > 1 ? c0 + rStep : c0; // a row too many is the first again
        int c2 = rows > 2 ? c0 + 2 * rStep : c0;
        int c3 = rows > 3 ? c0 + 3 * rStep : c0;
        int o1 = rows > 1 ? outStride : 0;
        int o2 = rows > 2 ? 2 * outStride : 0;
        int o3 = rows > 3 ? 3 * outStride : 0;
        float[] with = more ? out : NOTHING;
        int w1 = more ? o1 : 0;
        int w2 = more ? o2 : 0;
        int w3 = more ? o3 : 0;
        int d = 0;
        for (; d <= width - 2 * LANES; d += 2 * LANES) {
            int w0 = more ? out0 + d : 0;
            whole(depth, c, c0, c1, c2, c3, tStep, x, x0 + d, stride, with, w0, w1, w2, w3, out, out0 + d, o1, o2, o3);
        }
        for (; d < width; d += LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(d, width);
            int w0 = more ? out0 + d : 0;
            narrow(
                    mask, depth, c, c0, c1, c2, c3, tStep, x, x0 + d, stride, with, w0, w1, w2, w3, out, out0 + d, o1,
                    o2, o3);
        }
    }

    private static void whole(
            int depth,
            float[] c,
            int c0,
            int c1,
            int c2,
            int c3,
            int tStep,
            float[] x,
            int x0,
            int stride,
            float[] with,
            int w0,
            int w1,
            int w2,
            int w3,
            float[] out,
            int out0,
            int o1,
            int o2,
            int o3) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, with, w0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, with, w0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, with, w0 + w1);
        FloatVector s11 = FloatVector.fromArray(SPECIES, with, w0 + w1 + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, with, w0 + w2);
        FloatVector s21 = FloatVector.fromArray(SPECIES, with, w0 + w2 + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, with, w0 + w3);
        FloatVector s31 = FloatVector.fromArray(SPECIES, with, w0 + w3 + LANES);
        int at = x0;
        int step = 0;
        for (int t = 0; t < depth; t++) {
            FloatVector v0 = FloatVector.fromArray(SPECIES, x, at);
            FloatVector v1 = FloatVector.fromArray(SPECIES, x, at + LANES);
            FloatVector f0 = FloatVector.broadcast(SPECIES, c[c0 + step]);
            s00 = f0.fma(v0, s00);
            s01 = f0.fma(v1, s01);
            FloatVector f1 = FloatVector.broadcast(SPECIES, c[c1 + step]);
            s10 = f1.fma(v0, s10);
            s11 = f1.fma(v1, s11);
            FloatVector f2 = FloatVector.broadcast(SPECIES, c[c2 + step]);
            s20 = f2.fma(v0, s20);
            s21 = f2.fma(v1, s21);
            FloatVector f3 = FloatVector.broadcast(SPECIES, c[c3 + step]);
            s30 = f3.fma(v0, s30);
            s31 = f3.fma(v1, s31);
            at += stride;
            step += tStep;
        }
        s00.intoArray(out, out0);
        s01.intoArray(out, out0 + LANES);
        s10.intoArray(out, out0 + o1);
        s11.intoArray(out, out0 + o1 + LANES);
        s20.intoArray(out, out0 + o2);
        s21.intoArray(out, out0 + o2 + LANES);
        s30.intoArray(out, out0 + o3);
        s31.intoArray(out, out0 + o3 + LANES);
    }

    private static void narrow(
            VectorMask<Float> mask,
            int depth,
            float[] c,
            int c0,
            int c1,
            int c2,
            int c3,
            int tStep,
            float[] x,
            int x0,
            int stride,
            float[] with,
            int w0,
            int w1,
            int w2,
            int w3,
            float[] out,
            int out0,
            int o1,
            int o2,
            int o3) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, with, w0, mask);
        FloatVector s10 = FloatVector.fromArray(SPECIES, with, w0 + w1, mask);
        FloatVector s20 = FloatVector.fromArray(SPECIES, with, w0 + w2, mask);
        FloatVector s30 = FloatVector.fromArray(SPECIES, with, w0 + w3, mask);
        int at = x0;
        int step = 0;
        for (int t = 0; t < depth; t++) {
            FloatVector v0 = FloatVector.fromArray(SPECIES, x, at, mask);
            FloatVector f0 = FloatVector.broadcast(SPECIES, c[c0 + step]);
            s00 = f0.fma(v0, s00);
            FloatVector f1 = FloatVector.broadcast(SPECIES, c[c1 + step]);
            s10 = f1.fma(v0, s10);
            FloatVector f2 = FloatVector.broadcast(SPECIES, c[c2 + step]);
            s20 = f2.fma(v0, s20);
            FloatVector f3 = FloatVector.broadcast(SPECIES, c[c3 + step]);
            s30 = f3.fma(v0, s30);
            at += stride;
            step += tStep;
        }
        s00.intoArray(out, out0, mask);
        s10.intoArray(out, out0 + o1, mask);
        s20.intoArray(out, out0 + o2, mask);
        s30.intoArray(out, out0 + o3, mask);
    }
}
