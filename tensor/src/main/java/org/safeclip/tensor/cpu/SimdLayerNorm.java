package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Layer normalisation over rows {@code from ... to}, and its gradient in one pass over x and dy. */
final class SimdLayerNorm {
    /** Rows whose shares of dγ and dβ are summed together, whatever the number of threads. */
    static final int BLOCK = 32;

    private SimdLayerNorm() {}

    static void forward(
            int from,
            int to,
            int cols,
            float epsilon,
            float[] x,
            float[] gamma,
            float[] beta,
            float[] y,
            float[] mean,
            float[] rstd) {
        int full = SPECIES.loopBound(cols);
        VectorMask<Float> rest = SPECIES.indexInRange(full, cols);
        for (int r = from; r < to; r++) {
            int row = r * cols;
            FloatVector sums = FloatVector.zero(SPECIES);
            for (int c = 0; c < full; c += LANES) {
                sums = sums.add(FloatVector.fromArray(SPECIES, x, row + c));
            }
            if (full < cols) {
                sums = sums.add(FloatVector.fromArray(SPECIES, x, row + full, rest));
            }
            float mu = SimdMath.sum(sums) / cols;
            FloatVector squares = FloatVector.zero(SPECIES);
            for (int c = 0; c < full; c += LANES) {
                FloatVector off = FloatVector.fromArray(SPECIES, x, row + c).sub(mu);
                squares = off.fma(off, squares);
            }
            if (full < cols) {
                FloatVector off = FloatVector.zero(SPECIES)
                        .blend(
                                FloatVector.fromArray(SPECIES, x, row + full, rest)
                                        .sub(mu),
                                rest);
                squares = off.fma(off, squares);
            }
            float inverse = (float) (1 / Math.sqrt(SimdMath.sum(squares) / cols + epsilon));
            for (int c = 0; c < full; c += LANES) {
                FloatVector.fromArray(SPECIES, x, row + c)
                        .sub(mu)
                        .mul(inverse)
                        .fma(FloatVector.fromArray(SPECIES, gamma, c), FloatVector.fromArray(SPECIES, beta, c))
                        .intoArray(y, row + c);
            }
            if (full < cols) {
                FloatVector.fromArray(SPECIES, x, row + full, rest)
                        .sub(mu)
                        .mul(inverse)
                        .fma(
                                FloatVector.fromArray(SPECIES, gamma, full, rest),
                                FloatVector.fromArray(SPECIES, beta, full, rest))
                        .intoArray(y, row + full, rest);
            }
            mean[r] = mu;
            rstd[r] = inverse;
        }
    }

    /** Blocks {@code from ... to} of {@link #BLOCK} rows; shares receives {@code [block, 2, cols]}: dγ, then dβ. */
    static void backward(
            int from,
            int to,
            int rows,
            int cols,
            float[] x,
            float[] gamma,
            float[] mean,
            float[] rstd,
            float[] dy,
            float[] dx,
            float[] shares) {
        for (int block = from; block < to; block++) {
            int share = block * 2 * cols;
            Arrays.fill(shares, share, share + 2 * cols, 0);
            int last = Math.min(rows, (block + 1) * BLOCK);
            for (int r = block * BLOCK; r < last; r++) {
                row(r * cols, cols, x, gamma, mean[r], rstd[r], dy, dx, shares, share);
            }
        }
    }

    private static void row(
            int row,
            int cols,
            float[] x,
            float[] gamma,
            float mu,
            float inverse,
            float[] dy,
            float[] dx,
            float[] shares,
            int share) {
        FloatVector sums = FloatVector.zero(SPECIES); // Σ γ·dy
        FloatVector dots = FloatVector.zero(SPECIES); // Σ γ·dy·x̂
        int c = 0;
        for (; c <= cols - LANES; c += LANES) {
            FloatVector normal =
                    FloatVector.fromArray(SPECIES, x, row + c).sub(mu).mul(inverse);
            FloatVector d = FloatVector.fromArray(SPECIES, dy, row + c);
            FloatVector slope = d.mul(FloatVector.fromArray(SPECIES, gamma, c));
            sums = sums.add(slope);
            dots = slope.fma(normal, dots);
            d.fma(normal, FloatVector.fromArray(SPECIES, shares, share + c)).intoArray(shares, share + c);
            FloatVector.fromArray(SPECIES, shares, share + cols + c).add(d).intoArray(shares, share + cols + c);
        }
        if (c < cols) {
            VectorMask<Float> rest = SPECIES.indexInRange(c, cols);
            FloatVector normal =
                    FloatVector.fromArray(SPECIES, x, row + c, rest).sub(mu).mul(inverse);
            FloatVector d = FloatVector.fromArray(SPECIES, dy, row + c, rest);
            FloatVector slope = d.mul(FloatVector.fromArray(SPECIES, gamma, c, rest));
            sums = sums.add(slope);
            dots = slope.fma(normal, dots);
            d.fma(normal, FloatVector.fromArray(SPECIES, shares, share + c, rest))
                    .intoArray(shares, share + c, rest);
            FloatVector.fromArray(SPECIES, shares, share + cols + c, rest)
                    .add(d)
                    .intoArray(shares, share + cols + c, rest);
        }
        float sum = SimdMath.sum(sums) / cols;
        float dot = SimdMath.sum(dots) / cols;
        inputGradient(row, cols, x, gamma, mu, inverse, sum, dot, dy, dx);
    }

    /** dx = rstd·(γ·dy − sum − x̂·dot). */
    private static void inputGradient(
            int row,
            int cols,
            float[] x,
            float[] gamma,
            float mu,
            float inverse,
            float sum,
            float dot,
            float[] dy,
            float[] dx) {
        float tilt = inverse * dot; // x̂·dot = (x − mean)·tilt
        int c = 0;
        for (; c <= cols - LANES; c += LANES) {
            FloatVector slope =
                    FloatVector.fromArray(SPECIES, dy, row + c).mul(FloatVector.fromArray(SPECIES, gamma, c));
            FloatVector off = FloatVector.fromArray(SPECIES, x, row + c).sub(mu);
            slope.sub(sum).sub(off.mul(tilt)).mul(inverse).intoArray(dx, row + c);
        }
        if (c < cols) {
            VectorMask<Float> rest = SPECIES.indexInRange(c, cols);
            FloatVector slope = FloatVector.fromArray(SPECIES, dy, row + c, rest)
                    .mul(FloatVector.fromArray(SPECIES, gamma, c, rest));
            FloatVector off = FloatVector.fromArray(SPECIES, x, row + c, rest).sub(mu);
            slope.sub(sum).sub(off.mul(tilt)).mul(inverse).intoArray(dx, row + c, rest);
        }
    }
}
