package org.safeclip.tensor.cpu;

import java.util.Arrays;
import org.safeclip.tensor.backend.AdamStep;
import org.safeclip.tensor.backend.AttentionShape;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.BlockCopy;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.LinearInput;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.NormGradients;
import org.safeclip.tensor.backend.NormInput;
import org.safeclip.tensor.backend.Reduction;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.Unary;
import org.safeclip.tensor.backend.WindowShape;

/** The reference: every kernel as plain loops that a reader can check by eye. Sums run in double precision. */
class ScalarKernels implements Kernels {

    // ---- basic kernels

    @Override
    public void fill(int n, float value, Storage y) {
        Arrays.fill(HostStorage.array(y), 0, n, value);
    }

    @Override
    public void map(Unary f, int n, Storage x, Storage y) {
        float[] xs = HostStorage.array(x);
        float[] ys = HostStorage.array(y);
        for (int i = 0; i < n; i++) {
            ys[i] = (float) ScalarMath.apply(f, xs[i]);
        }
    }

    @Override
    public void clamp(int n, float low, float high, Storage x, Storage y) {
        float[] xs = HostStorage.array(x);
        float[] ys = HostStorage.array(y);
        for (int i = 0; i < n; i++) {
            ys[i] = Math.clamp(xs[i], low, high);
        }
    }

    @Override
    public void movingAverage(int n, float keep, float take, Storage x, Storage y) {
        float[] xs = HostStorage.array(x);
        float[] ys = HostStorage.array(y);
        for (int i = 0; i < n; i++) {
            ys[i] = keep * ys[i] + take * xs[i];
        }
    }

    @Override
    public void affine(int n, float scale, float shift, Storage x, Storage y) {
        float[] xs = HostStorage.array(x);
        float[] ys = HostStorage.array(y);
        for (int i = 0; i < n; i++) {
            ys[i] = scale * xs[i] + shift;
        }
    }

    @Override
    public void zip(Binary f, BroadcastShape broadcast, Storage a, Storage b, Storage y) {
        float[] as = HostStorage.array(a);
        float[] bs = HostStorage.array(b);
        float[] ys = HostStorage.array(y);
        int at = 0;
        for (int o = 0; o < broadcast.outer(); o++) {
            for (int c = 0; c < broadcast.count(); c++) {
                for (int i = 0; i < broadcast.inner(); i++, at++) {
                    ys[at] = (float) ScalarMath.apply(f, as[at], bs[c]);
                }
            }
        }
    }

    @Override
    public void reduce(Reduction reduction, BroadcastShape broadcast, Storage x, Storage y) {
        float[] xs = HostStorage.array(x);
        float[] ys = HostStorage.array(y);
        for (int c = 0; c < broadcast.count(); c++) {
            double sum = 0;
            float max = Float.NEGATIVE_INFINITY;
            for (int o = 0; o < broadcast.outer(); o++) {
                int from = (o * broadcast.count() + c) * broadcast.inner();
                for (int i = from; i < from + broadcast.inner(); i++) {
                    sum += xs[i];
                    max = Math.max(max, xs[i]);
                }
            }
            ys[c] = switch (reduction) {
                case SUM -> (float) sum;
                case MAX -> max;
            };
        }
    }

    @Override
    public void matmul(MatMulShape shape, Storage a, Storage b, Storage y) {
        float[] as = HostStorage.array(a);
        float[] bs = HostStorage.array(b);
        float[] ys = HostStorage.array(y);
        int m = shape.m();
        int n = shape.n();
        int k = shape.k();
        int aRow = shape.transposeA() ? 1 : k;
        int aCol = shape.transposeA() ? m : 1;
        int bRow = shape.transposeB() ? 1 : n;
        int bCol = shape.transposeB() ? k : 1;
        for (int z = 0; z < shape.batch(); z++) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int l = 0; l < k; l++) {
                        sum += (double) as[z * m * k + i * aRow + l * aCol] * bs[z * k * n + l * bRow + j * bCol];
                    }
                    ys[z * m * n + i * n + j] = (float) sum;
                }
            }
        }
    }

    @Override
    public void permute(int[] dims, int[] axes, Storage x, Storage y) {
        float[] xs = HostStorage.array(x);
        float[] ys = HostStorage.array(y);
        int rank = dims.length;
        int[] xStrides = new int[rank];
        int size = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            xStrides[axis] = size;
            size *= dims[axis];
        }
        int[] position = new int[rank]; // of the element of y being written
        int from = 0;
        for (int at = 0; at < size; at++) {
            ys[at] = xs[from];
            for (int j = rank - 1; j >= 0; j--) {
                from += xStrides[axes[j]];
                if (++position[j] < dims[axes[j]]) {
                    break;
                }
                from -= dims[axes[j]] * xStrides[axes[j]];
                position[j] = 0;
            }
        }
    }

    @Override
    public void gatherRows(int count, int cols, Storage x, IntStorage ids, Storage y) {
        float[] xs = HostStorage.array(x);
        float[] ys = HostStorage.array(y);
        int[] rows = HostIntStorage.array(ids);
        for (int r = 0; r < count; r++) {
            System.arraycopy(xs, rows[r] * cols, ys, r * cols, cols);
        }
    }

    @Override
    public void scatterAddRows(int count, int cols, Storage x, IntStorage ids, Storage y) {
        float[] xs = HostStorage.array(x);
        float[] ys = HostStorage.array(y);
        int[] rows = HostIntStorage.array(ids);
        for (int r = 0; r < count; r++) {
            for (int c = 0; c < cols; c++) {
                ys[rows[r] * cols + c] += xs[r * cols + c];
            }
        }
    }

    @Override
    public void copyBlock(BlockCopy block, Storage x, Storage y) {
        float[] xs = HostStorage.array(x);
        float[] ys = HostStorage.array(y);
        for (int r = 0; r < block.rows(); r++) {
            int from = block.xOffset() + r * block.xStride();
            int to = block.yOffset() + r * block.yStride();
            System.arraycopy(xs, from, ys, to, block.cols());
        }
    }

    @Override
    public void argmax(int rows, int cols, Storage x, IntStorage at) {
        float[] xs = HostStorage.array(x);
        int[] best = HostIntStorage.array(at);
        for (int r = 0; r < rows; r++) {
            int winner = 0;
            for (int c = 1; c < cols; c++) {
                if (xs[r * cols + c] > xs[r * cols + winner]) {
                    winner = c;
                }
            }
            best[r] = winner;
        }
    }

    @Override
    public void unfold(WindowShape s, Storage x, Storage y) {
        float[] xs = HostStorage.array(x);
        float[] ys = HostStorage.array(y);
        for (int r = 0; r < s.rows(); r++) {
            for (int c = 0; c < s.cols(); c++) {
                int from = underWindow(s, r, c);
                ys[r * s.cols() + c] = from < 0 ? 0 : xs[from];
            }
        }
    }

    @Override
    public void fold(WindowShape s, Storage x, Storage y) {
        float[] xs = HostStorage.array(x);
        float[] ys = HostStorage.array(y);
        Arrays.fill(ys, 0, s.batch() * s.channels() * s.height() * s.width(), 0);
        for (int r = 0; r < s.rows(); r++) {
            for (int c = 0; c < s.cols(); c++) {
                int to = underWindow(s, r, c);
                if (to >= 0) {
                    ys[to] += xs[r * s.cols() + c];
                }
            }
        }
    }

    /** Index in the images of element c of window r, or −1 outside. */
    private static int underWindow(WindowShape s, int r, int c) {
        int windows = s.outHeight() * s.outWidth();
        int b = r / windows;
        int oy = r % windows / s.outWidth();
        int ox = r % s.outWidth();
        int channel = c / (s.kernel() * s.kernel());
        int iy = oy * s.stride() + c / s.kernel() % s.kernel() - s.padding();
        int ix = ox * s.stride() + c % s.kernel() - s.padding();
        boolean inside = iy >= 0 && iy < s.height() && ix >= 0 && ix < s.width();
        return inside ? ((b * s.channels() + channel) * s.height() + iy) * s.width() + ix : -1;
    }

    // ---- fused kernels

    @Override
    public void nearest(int rows, int candidates, int width, Storage x, Storage pool, IntStorage at) {
        float[] xs = HostStorage.array(x);
        float[] pools = HostStorage.array(pool);
        int[] best = HostIntStorage.array(at);
        for (int r = 0; r < rows; r++) {
            int winner = 0;
            float most = (float) ScalarMath.dot(xs, r * width, pools, 0, width);
            for (int c = 1; c < candidates; c++) {
                float product = (float) ScalarMath.dot(xs, r * width, pools, c * width, width);
                if (product > most) {
                    winner = c;
                    most = product;
                }
            }
            best[r] = winner;
        }
    }

    @Override
    public boolean convolves(WindowShape windows) {
        return true;
    }

    @Override
    public void convolve(WindowShape s, int out, Storage x, Storage w, Storage y) {
        float[] xs = HostStorage.array(x);
        float[] ws = HostStorage.array(w);
        int windows = s.outHeight() * s.outWidth();
        for (int r = 0; r < s.rows(); r++) {
            double[] sums = new double[out];
            for (int c = 0; c < s.cols(); c++) {
                int from = underWindow(s, r, c);
                for (int o = 0; o < out && from >= 0; o++) {
                    sums[o] += (double) ws[o * s.cols() + c] * xs[from];
                }
            }
            for (int o = 0; o < out; o++) {
                HostStorage.array(y)[ofWindow(s, out, r) + o * windows] = (float) sums[o];
            }
        }
    }

    @Override
    public void convolveInputGradient(WindowShape s, int out, Storage w, Storage dy, Storage dx) {
        float[] ws = HostStorage.array(w);
        float[] dys = HostStorage.array(dy);
        int windows = s.outHeight() * s.outWidth();
        double[] sums = new double[s.batch() * s.channels() * s.height() * s.width()];
        for (int r = 0; r < s.rows(); r++) {
            int at = ofWindow(s, out, r);
            for (int c = 0; c < s.cols(); c++) {
                int to = underWindow(s, r, c);
                for (int o = 0; o < out && to >= 0; o++) {
                    sums[to] += (double) ws[o * s.cols() + c] * dys[at + o * windows];
                }
            }
        }
        for (int i = 0; i < sums.length; i++) {
            HostStorage.array(dx)[i] = (float) sums[i];
        }
    }

    @Override
    public void convolveWeightGradient(WindowShape s, int out, Storage x, Storage dy, Storage dw) {
        float[] xs = HostStorage.array(x);
        float[] dys = HostStorage.array(dy);
        int windows = s.outHeight() * s.outWidth();
        for (int c = 0; c < s.cols(); c++) {
            double[] sums = new double[out];
            for (int r = 0; r < s.rows(); r++) {
                int from = underWindow(s, r, c);
                int at = ofWindow(s, out, r);
                for (int o = 0; o < out && from >= 0; o++) {
                    sums[o] += (double) dys[at + o * windows] * xs[from];
                }
            }
            for (int o = 0; o < out; o++) {
                HostStorage.array(dw)[o * s.cols() + c] = (float) sums[o];
            }
        }
    }

    /** Index of window r in the first channel of images {@code [batch, out, outHeight, outWidth]}. */
    private static int ofWindow(WindowShape s, int out, int r) {
        int windows = s.outHeight() * s.outWidth();
        return r / windows * out * windows + r % windows;
    }

    @Override
    public void linear(LinearInput input, Storage y) {
        matmul(input.product(), input.x(), input.w(), y);
        Storage bias = input.bias();
        if (bias != null) {
            zip(Binary.ADD, BroadcastShape.overRows(input.rows(), input.out()), y, bias, y);
        }
    }

    @Override
    public void linearAdd(LinearInput input, Storage residual, Storage y) {
        linear(input, y);
        zip(Binary.ADD, BroadcastShape.same(input.size()), residual, y, y);
    }

    @Override
    public void linearMap(Unary f, LinearInput input, Storage h, Storage y) {
        linear(input, h);
        map(f, input.size(), h, y);
    }

    @Override
    public void matmulZip(Binary f, MatMulShape s, Storage a, Storage b, Storage x, Storage y) {
        matmul(s, a, b, y);
        zip(f, BroadcastShape.same(s.batch() * s.m() * s.n()), x, y, y);
    }

    @Override
    public void softmax(MatrixShape shape, Storage x, Storage y) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] xs = HostStorage.array(x);
        float[] ys = HostStorage.array(y);
        for (int r = 0; r < rows; r++) {
            double logSum = ScalarMath.logSumExp(xs, r * cols, cols);
            for (int i = r * cols; i < (r + 1) * cols; i++) {
                ys[i] = (float) Math.exp(xs[i] - logSum);
            }
        }
    }

    @Override
    public void softmaxGradient(MatrixShape shape, Storage y, Storage dy, Storage dx) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] ys = HostStorage.array(y);
        float[] dys = HostStorage.array(dy);
        float[] dxs = HostStorage.array(dx);
        for (int r = 0; r < rows; r++) {
            double dot = ScalarMath.dot(ys, r * cols, dys, r * cols, cols);
            for (int i = r * cols; i < (r + 1) * cols; i++) {
                dxs[i] = (float) (ys[i] * (dys[i] - dot));
            }
        }
    }

    @Override
    public void attention(AttentionShape shape, Storage qkv, Storage y, Storage logSums) {
        ScalarAttention.forward(shape, HostStorage.array(qkv), HostStorage.array(y), HostStorage.array(logSums));
    }

    @Override
    public void attentionGradient(
            AttentionShape shape, Storage qkv, Storage y, Storage logSums, Storage dy, Storage dqkv) {
        ScalarAttention.backward(
                shape,
                HostStorage.array(qkv),
                HostStorage.array(logSums),
                HostStorage.array(dy),
                HostStorage.array(dqkv));
    }

    @Override
    public void layerNorm(MatrixShape shape, NormInput input, Storage y, Storage mean, Storage rstd) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] xs = HostStorage.array(input.x());
        float[] gammas = HostStorage.array(input.gamma());
        float[] betas = HostStorage.array(input.beta());
        float[] ys = HostStorage.array(y);
        for (int r = 0; r < rows; r++) {
            double sum = 0;
            for (int i = r * cols; i < (r + 1) * cols; i++) {
                sum += xs[i];
            }
            double mu = sum / cols;
            double squares = 0;
            for (int i = r * cols; i < (r + 1) * cols; i++) {
                squares += (xs[i] - mu) * (xs[i] - mu);
            }
            double inverse = 1 / Math.sqrt(squares / cols + input.epsilon());
            for (int c = 0; c < cols; c++) {
                ys[r * cols + c] = (float) (gammas[c] * (xs[r * cols + c] - mu) * inverse + betas[c]);
            }
            HostStorage.array(mean)[r] = (float) mu;
            HostStorage.array(rstd)[r] = (float) inverse;
        }
    }

    @Override
    public void layerNormGradient(
            MatrixShape shape, NormInput input, Storage mean, Storage rstd, Storage dy, NormGradients gradients) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] xs = HostStorage.array(input.x());
        float[] gammas = HostStorage.array(input.gamma());
        float[] dxs = HostStorage.array(gradients.dx());
        float[] dys = HostStorage.array(dy);
        double[] dgammas = new double[cols];
        double[] dbetas = new double[cols];
        for (int r = 0; r < rows; r++) {
            float mu = HostStorage.array(mean)[r];
            float inverse = HostStorage.array(rstd)[r];
            double sum = 0; // Σ γ·dy
            double dot = 0; // Σ γ·dy·x̂
            for (int c = 0; c < cols; c++) {
                double normal = (xs[r * cols + c] - mu) * (double) inverse;
                double slope = (double) gammas[c] * dys[r * cols + c];
                sum += slope;
                dot += slope * normal;
                dgammas[c] += dys[r * cols + c] * normal;
                dbetas[c] += dys[r * cols + c];
            }
            for (int c = 0; c < cols; c++) {
                double normal = (xs[r * cols + c] - mu) * (double) inverse;
                double slope = (double) gammas[c] * dys[r * cols + c];
                dxs[r * cols + c] = (float) (inverse * (slope - sum / cols - normal * dot / cols));
            }
        }
        for (int c = 0; c < cols; c++) {
            HostStorage.array(gradients.dgamma())[c] = (float) dgammas[c];
            HostStorage.array(gradients.dbeta())[c] = (float) dbetas[c];
        }
    }

    @Override
    public void batchNorm(BroadcastShape channels, NormInput input, Storage y, Storage mean, Storage variance) {
        float[] xs = HostStorage.array(input.x());
        int each = channels.outer() * channels.inner();
        for (int c = 0; c < channels.count(); c++) {
            double sum = 0;
            for (int e = 0; e < each; e++) {
                sum += xs[inChannel(channels, c, e)];
            }
            double mu = sum / each;
            double squares = 0;
            for (int e = 0; e < each; e++) {
                double off = xs[inChannel(channels, c, e)] - mu;
                squares += off * off;
            }
            double inverse = 1 / Math.sqrt(squares / each + input.epsilon());
            float g = HostStorage.array(input.gamma())[c];
            float b = HostStorage.array(input.beta())[c];
            for (int e = 0; e < each; e++) {
                int at = inChannel(channels, c, e);
                HostStorage.array(y)[at] = (float) (g * (xs[at] - mu) * inverse + b);
            }
            HostStorage.array(mean)[c] = (float) mu;
            HostStorage.array(variance)[c] = (float) (squares / each);
        }
    }

    @Override
    public void batchNormGradient(
            BroadcastShape channels,
            NormInput input,
            Storage mean,
            Storage variance,
            Storage dy,
            NormGradients gradients) {
        float[] xs = HostStorage.array(input.x());
        float[] dys = HostStorage.array(dy);
        int each = channels.outer() * channels.inner();
        for (int c = 0; c < channels.count(); c++) {
            double mu = HostStorage.array(mean)[c];
            double inverse = 1 / Math.sqrt(HostStorage.array(variance)[c] + (double) input.epsilon());
            double sum = 0;
            double dot = 0;
            for (int e = 0; e < each; e++) {
                int at = inChannel(channels, c, e);
                sum += dys[at];
                dot += dys[at] * (xs[at] - mu) * inverse;
            }
            double g = HostStorage.array(input.gamma())[c];
            for (int e = 0; e < each; e++) {
                int at = inChannel(channels, c, e);
                double normal = (xs[at] - mu) * inverse;
                HostStorage.array(gradients.dx())[at] =
                        (float) (g * inverse * (dys[at] - sum / each - normal * dot / each));
            }
            HostStorage.array(gradients.dgamma())[c] = (float) dot;
            HostStorage.array(gradients.dbeta())[c] = (float) sum;
        }
    }

    @Override
    public void batchNormRelu(BroadcastShape channels, NormInput input, Storage y, Storage mean, Storage variance) {
        batchNorm(channels, input, y, mean, variance);
        map(Unary.RELU, channels.size(), y, y);
    }

    @Override
    public void batchNormReluGradient(
            BroadcastShape channels,
            NormInput input,
            Storage mean,
            Storage variance,
            Storage y,
            Storage dy,
            NormGradients gradients) {
        Storage masked = gradients.dx(); // each of its numbers is read before it is written
        zip(Binary.RELU_GRADIENT, BroadcastShape.same(channels.size()), y, dy, masked);
        batchNormGradient(channels, input, mean, variance, masked, gradients);
    }

    /** Index of element e of channel c. */
    private static int inChannel(BroadcastShape s, int c, int e) {
        return (e / s.inner() * s.count() + c) * s.inner() + e % s.inner();
    }

    @Override
    public void l2Normalize(MatrixShape shape, float epsilon, Storage x, Storage y, Storage norms) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] xs = HostStorage.array(x);
        for (int r = 0; r < rows; r++) {
            double norm = Math.max(Math.sqrt(ScalarMath.dot(xs, r * cols, xs, r * cols, cols)), epsilon);
            for (int i = r * cols; i < (r + 1) * cols; i++) {
                HostStorage.array(y)[i] = (float) (xs[i] / norm);
            }
            HostStorage.array(norms)[r] = (float) norm;
        }
    }

    @Override
    public void l2NormalizeGradient(
            MatrixShape shape, float epsilon, Storage y, Storage norms, Storage dy, Storage dx) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] ys = HostStorage.array(y);
        float[] dys = HostStorage.array(dy);
        for (int r = 0; r < rows; r++) {
            float norm = HostStorage.array(norms)[r];
            double dot = norm > epsilon ? ScalarMath.dot(ys, r * cols, dys, r * cols, cols) : 0;
            for (int i = r * cols; i < (r + 1) * cols; i++) {
                HostStorage.array(dx)[i] = (float) ((dys[i] - ys[i] * dot) / norm);
            }
        }
    }

    @Override
    public void crossEntropy(MatrixShape shape, Storage logits, IntStorage targets, Storage losses, Storage logSums) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] xs = HostStorage.array(logits);
        for (int r = 0; r < rows; r++) {
            double logSum = ScalarMath.logSumExp(xs, r * cols, cols);
            HostStorage.array(logSums)[r] = (float) logSum;
            HostStorage.array(losses)[r] = (float) (logSum - xs[r * cols + HostIntStorage.array(targets)[r]]);
        }
    }

    @Override
    public void crossEntropyGradient(
            MatrixShape shape, Storage logits, IntStorage targets, Storage logSums, Storage dlosses, Storage dx) {
        int rows = shape.rows();
        int cols = shape.cols();
        float[] xs = HostStorage.array(logits);
        float[] dxs = HostStorage.array(dx);
        for (int r = 0; r < rows; r++) {
            float logSum = HostStorage.array(logSums)[r];
            float dloss = HostStorage.array(dlosses)[r];
            int target = HostIntStorage.array(targets)[r];
            double others = 0;
            for (int c = 0; c < cols; c++) {
                double share = Math.exp((double) xs[r * cols + c] - logSum);
                dxs[r * cols + c] = (float) (dloss * share);
                others += c == target ? 0 : share;
            }
            // shares add up to 1, so share - 1 is minus the others: no digits lost where the target's share is nearly 1
            dxs[r * cols + target] = (float) (-dloss * others);
        }
    }

    @Override
    public void adamW(AdamStep step, int n, Storage p, Storage g, Storage m, Storage v) {
        float[] ps = HostStorage.array(p);
        float[] gs = HostStorage.array(g);
        float[] ms = HostStorage.array(m);
        float[] vs = HostStorage.array(v);
        double correction1 = step.correction1();
        double correction2 = step.correction2();
        for (int i = 0; i < n; i++) {
            ms[i] = step.beta1() * ms[i] + (1 - step.beta1()) * gs[i];
            vs[i] = step.beta2() * vs[i] + (1 - step.beta2()) * gs[i] * gs[i];
            double move = ms[i] / correction1 / (Math.sqrt(vs[i] / correction2) + step.epsilon());
            ps[i] = (float) (ps[i] - step.rate() * step.decay() * ps[i] - step.rate() * move);
        }
    }
}
