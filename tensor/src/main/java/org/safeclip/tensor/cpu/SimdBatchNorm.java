package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.BroadcastShape;

/**
 * Batch normalisation and its gradient over channels {@code from ... to} of {@code [outer, count, inner]}.
 *
 * <p>A few neighbouring channels make a tile, whose rows are {@code channels · inner} numbers in a run however short
 * inner is, and which stays in the second-level cache while it is passed over. Sums are kept for every position of the
 * tile over a block of rows, then added up a channel in double precision, so that neither the width of the tile nor the
 * number of threads shows in the result.
 */
final class SimdBatchNorm {
    private static final int TILE = 256;
    private static final int BLOCK_ROWS = 16;
    private static final int CHUNK = 1024; // longest run summed in single precision

    private SimdBatchNorm() {}

    /** y = max(0, y) at the end where {@code rectified}. */
    static void forward(
            int from,
            int to,
            BroadcastShape s,
            float epsilon,
            float[] x,
            float[] gamma,
            float[] beta,
            boolean rectified,
            float[] y,
            float[] mean,
            float[] variance) {
        int step = Math.max(1, TILE / s.inner());
        int most = step * s.inner();
        float[] scratch = SimdWorkspace.mine().rest(4 * most);
        double[] totals = SimdWorkspace.mine().totals(step);
        double each = (double) s.outer() * s.inner();
        int stride = s.count() * s.inner();
        for (int c0 = from; c0 < to; c0 += step) {
            int channels = Math.min(step, to - c0);
            int width = channels * s.inner();
            int first = c0 * s.inner();
            Arrays.fill(totals, 0, channels, 0);
            for (int o = 0; o < s.outer(); o += BLOCK_ROWS) {
                Arrays.fill(scratch, 0, width, 0);
                for (int r = o; r < Math.min(s.outer(), o + BLOCK_ROWS); r++) {
                    sum(width, x, first + r * stride, scratch);
                }
                collect(channels, s.inner(), scratch, 0, totals, 0);
            }
            for (int c = 0; c < channels; c++) {
                mean[c0 + c] = (float) (totals[c] / each);
                broadcast(mean[c0 + c], c, s.inner(), scratch, most);
                broadcast(beta[c0 + c], c, s.inner(), scratch, 3 * most);
            }
            Arrays.fill(totals, 0, channels, 0);
            for (int o = 0; o < s.outer(); o += BLOCK_ROWS) {
                Arrays.fill(scratch, 0, width, 0);
                for (int r = o; r < Math.min(s.outer(), o + BLOCK_ROWS); r++) {
                    sumSquares(width, x, first + r * stride, scratch, most);
                }
                collect(channels, s.inner(), scratch, 0, totals, 0);
            }
            for (int c = 0; c < channels; c++) {
                double var = totals[c] / each;
                variance[c0 + c] = (float) var;
                broadcast((float) (gamma[c0 + c] / Math.sqrt(var + epsilon)), c, s.inner(), scratch, 2 * most);
            }
            for (int r = 0; r < s.outer(); r++) {
                int at = first + r * stride;
                normalise(width, x, at, scratch, most, y);
                if (rectified) {
                    SimdMaps.relu(at, at + width, y, y);
                }
            }
        }
    }

    /**
     * The gradient.
     *
     * @param rectified max(0, y) if that is what dy belongs to: dy then counts where it is positive
     */
    static void backward(
            int from,
            int to,
            BroadcastShape s,
            float epsilon,
            float[] x,
            float[] gamma,
            float[] mean,
            float[] variance,
            float @Nullable [] rectified,
            float[] dy,
            float[] dx,
            float[] dgamma,
            float[] dbeta) {
        float[] slopes = rectified == null ? dy : dx;
        int step = Math.max(1, TILE / s.inner());
        int most = step * s.inner();
        float[] scratch = SimdWorkspace.mine().rest(6 * most);
        double[] totals = SimdWorkspace.mine().totals(2 * step);
        double each = (double) s.outer() * s.inner();
        int stride = s.count() * s.inner();
        for (int c0 = from; c0 < to; c0 += step) {
            int channels = Math.min(step, to - c0);
            int width = channels * s.inner();
            int first = c0 * s.inner();
            for (int c = 0; c < channels; c++) {
                broadcast(mean[c0 + c], c, s.inner(), scratch, 2 * most);
            }
            Arrays.fill(totals, 0, 2 * step, 0);
            for (int o = 0; o < s.outer(); o += BLOCK_ROWS) {
                Arrays.fill(scratch, 0, 2 * most, 0);
                for (int r = o; r < Math.min(s.outer(), o + BLOCK_ROWS); r++) {
                    int at = first + r * stride;
                    if (rectified != null) {
                        SimdZips.reluGradient(at, at + width, rectified, dy, 0, dx);
                    }
                    sumWithDot(width, x, slopes, at, scratch, most);
                }
                collect(channels, s.inner(), scratch, 0, totals, 0);
                collect(channels, s.inner(), scratch, most, totals, step);
            }
            for (int c = 0; c < channels; c++) {
                double inverse = 1 / Math.sqrt(variance[c0 + c] + (double) epsilon);
                double dot = totals[step + c] * inverse; // Σ dy·x̂
                double scale = gamma[c0 + c] * inverse;
                dgamma[c0 + c] = (float) dot;
                dbeta[c0 + c] = (float) totals[c];
                broadcast((float) scale, c, s.inner(), scratch, 3 * most);
                broadcast((float) (scale * inverse * dot / each), c, s.inner(), scratch, 4 * most);
                broadcast((float) (scale * totals[c] / each), c, s.inner(), scratch, 5 * most);
            }
            for (int r = 0; r < s.outer(); r++) {
                inputGradient(width, x, slopes, first + r * stride, scratch, most, dx);
            }
        }
    }

    /** One number a channel, repeated for its positions in the tile. */
    private static void broadcast(float value, int c, int inner, float[] scratch, int at) {
        Arrays.fill(scratch, at + c * inner, at + (c + 1) * inner, value);
    }

    /** Adds the sums of the positions of each channel to its total. */
    private static void collect(int channels, int inner, float[] sums, int at, double[] totals, int to) {
        for (int c = 0; c < channels; c++) {
            int first = at + c * inner;
            double total = totals[to + c];
            if (inner < 16) {
                for (int i = first; i < first + inner; i++) {
                    total += sums[i];
                }
            } else {
                for (int i = first; i < first + inner; i += CHUNK) {
                    total += SimdSums.sum(i, Math.min(first + inner, i + CHUNK), sums);
                }
            }
            totals[to + c] = total;
        }
    }

    private static void sum(int width, float[] x, int at, float[] sums) {
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            FloatVector.fromArray(SPECIES, sums, j)
                    .add(FloatVector.fromArray(SPECIES, x, at + j))
                    .intoArray(sums, j);
        }
        for (; j < width; j++) {
            sums[j] += x[at + j];
        }
    }

    private static void sumSquares(int width, float[] x, int at, float[] scratch, int mean) {
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            FloatVector off =
                    FloatVector.fromArray(SPECIES, x, at + j).sub(FloatVector.fromArray(SPECIES, scratch, mean + j));
            FloatVector.fromArray(SPECIES, scratch, j).add(off.mul(off)).intoArray(scratch, j);
        }
        for (; j < width; j++) {
            float off = x[at + j] - scratch[mean + j];
            scratch[j] += off * off;
        }
    }

    /** y = (x − mean)·scale + β; the three lie in the scratch {@code most} apart, from {@code most} on. */
    private static void normalise(int width, float[] x, int at, float[] scratch, int most, float[] y) {
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            FloatVector.fromArray(SPECIES, x, at + j)
                    .sub(FloatVector.fromArray(SPECIES, scratch, most + j))
                    .mul(FloatVector.fromArray(SPECIES, scratch, 2 * most + j))
                    .add(FloatVector.fromArray(SPECIES, scratch, 3 * most + j))
                    .intoArray(y, at + j);
        }
        for (; j < width; j++) {
            y[at + j] = (x[at + j] - scratch[most + j]) * scratch[2 * most + j] + scratch[3 * most + j];
        }
    }

    /** Adds dy to the first sums of the scratch and dy·(x − mean) to the second. */
    private static void sumWithDot(int width, float[] x, float[] dy, int at, float[] scratch, int most) {
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            FloatVector slope = FloatVector.fromArray(SPECIES, dy, at + j);
            FloatVector off = FloatVector.fromArray(SPECIES, x, at + j)
                    .sub(FloatVector.fromArray(SPECIES, scratch, 2 * most + j));
            FloatVector.fromArray(SPECIES, scratch, j).add(slope).intoArray(scratch, j);
            FloatVector.fromArray(SPECIES, scratch, most + j)
                    .add(slope.mul(off))
                    .intoArray(scratch, most + j);
        }
        for (; j < width; j++) {
            scratch[j] += dy[at + j];
            scratch[most + j] += dy[at + j] * (x[at + j] - scratch[2 * most + j]);
        }
    }

    /** dx = scale·dy − (x − mean)·tilt − shift. */
    private static void inputGradient(int width, float[] x, float[] dy, int at, float[] scratch, int most, float[] dx) {
        int j = 0;
        for (; j <= width - LANES; j += LANES) {
            FloatVector off = FloatVector.fromArray(SPECIES, x, at + j)
                    .sub(FloatVector.fromArray(SPECIES, scratch, 2 * most + j));
            FloatVector.fromArray(SPECIES, dy, at + j)
                    .mul(FloatVector.fromArray(SPECIES, scratch, 3 * most + j))
                    .sub(off.mul(FloatVector.fromArray(SPECIES, scratch, 4 * most + j)))
                    .sub(FloatVector.fromArray(SPECIES, scratch, 5 * most + j))
                    .intoArray(dx, at + j);
        }
        for (; j < width; j++) {
            float off = x[at + j] - scratch[2 * most + j];
            dx[at + j] = dy[at + j] * scratch[3 * most + j] - off * scratch[4 * most + j] - scratch[5 * most + j];
        }
    }
}
