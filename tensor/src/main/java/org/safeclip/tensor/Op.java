package org.safeclip.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.AttentionShape;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.NormGradients;
import org.safeclip.tensor.backend.NormInput;
import org.safeclip.tensor.backend.Unary;
import org.safeclip.tensor.backend.WindowShape;

/**
 * Every differentiable operation, forward and backward side by side. A test walks the permitted records and requires a
 * gradient check of each.
 *
 * <p>{@link #value} computes y from the inputs and may keep intermediate results; {@link #backward} maps dy, the
 * gradient of the loss with respect to y, to the gradients with respect to the inputs (a vector-Jacobian product).
 */
public sealed interface Op {

    /** Forward pass: computes y from the inputs. */
    Result value(NdArray... x);

    /**
     * Backward pass: the gradient of each input, null where {@link Call#wants} is false.
     *
     * @param call the forward pass with its inputs and kept arrays
     * @param dy gradient of y
     */
    @Nullable
    NdArray[] backward(Call call, NdArray dy);

    /**
     * The value of a forward pass and what its backward pass needs besides.
     *
     * @param value y
     * @param kept statistics, such as the norms of rows
     */
    record Result(NdArray value, NdArray... kept) {}

    /**
     * One recorded application of an operation.
     *
     * @param op the operation
     * @param x its inputs
     * @param tracked for each input, whether its gradient is needed
     * @param y its value
     * @param kept arrays kept by the forward pass
     */
    record Call(Op op, NdArray[] x, boolean[] tracked, NdArray y, NdArray[] kept) {
        /** Whether the gradient of input i is needed. */
        boolean wants(int i) {
            return tracked[i];
        }
    }

    private static @Nullable NdArray[] gradients(@Nullable NdArray... dx) {
        return dx;
    }

    /** The binary function (x, dy) → dx of an activation whose derivative is computed from its input x. */
    private static Binary slope(Unary f) {
        return switch (f) {
            case RELU -> Binary.RELU_GRADIENT;
            case GELU -> Binary.GELU_GRADIENT;
            case GELU_TANH -> Binary.GELU_TANH_GRADIENT;
            case QUICK_GELU -> Binary.QUICK_GELU_GRADIENT;
            case NEG, EXP, LOG, SQRT, TANH, SIGMOID ->
                throw new IllegalArgumentException(
                        f + " is no activation of a perceptron; take one of RELU and the GELUs");
        };
    }

    // ---- arithmetic

    /** y = a + b, with broadcasting. */
    record Add() implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(x[0].add(x[1]));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            return gradients(
                    c.wants(0) ? dy.sumTo(c.x[0].shape()) : null, // da = dy
                    c.wants(1) ? dy.sumTo(c.x[1].shape()) : null); // db = dy
        }
    }

    /** y = a − b, with broadcasting. */
    record Sub() implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(x[0].sub(x[1]));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            return gradients(
                    c.wants(0) ? dy.sumTo(c.x[0].shape()) : null, // da = dy
                    c.wants(1) ? dy.sumTo(c.x[1].shape()).map(Unary.NEG) : null); // db = −dy
        }
    }

    /** y = a·b by element, with broadcasting. */
    record Mul() implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(x[0].mul(x[1]));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            return gradients(
                    c.wants(0) ? dy.mul(c.x[1]).sumTo(c.x[0].shape()) : null, // da = dy·b
                    c.wants(1) ? dy.mul(c.x[0]).sumTo(c.x[1].shape()) : null); // db = dy·a
        }
    }

    /** y = a / b by element, with broadcasting. */
    record Div() implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(x[0].div(x[1]));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray quotient = dy.div(c.x[1]);
            return gradients(
                    c.wants(0) ? quotient.sumTo(c.x[0].shape()) : null, // da = dy / b
                    c.wants(1) ? quotient.mul(c.y).sumTo(c.x[1].shape()).map(Unary.NEG) : null); // db = −dy·y / b
        }
    }

    /** y = scale · x + shift. */
    record Affine(float scale, float shift) implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(x[0].affine(scale, shift));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            return gradients(dy.affine(scale, 0)); // dx = scale · dy
        }
    }

    /** y = f(x) by element. */
    record Apply(Unary f) implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(x[0].map(f));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray x = c.x[0];
            return gradients(
                    switch (f) {
                        case NEG -> dy.map(Unary.NEG);
                        case EXP -> dy.mul(c.y); // y′ = y
                        case LOG -> dy.div(x); // y′ = 1 / x
                        case SQRT -> dy.div(c.y).affine(0.5f, 0); // y′ = ½ / y
                        case TANH -> c.y.zip(Binary.TANH_GRADIENT, dy);
                        case SIGMOID -> c.y.zip(Binary.SIGMOID_GRADIENT, dy);
                        case RELU, GELU, GELU_TANH, QUICK_GELU -> x.zip(slope(f), dy);
                    });
        }
    }

    /** Sum over axes, which are removed; without axes over all. */
    record Sum(int... axes) implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(x[0].sum(axes));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            Shape from = c.x[0].shape();
            Shape kept = axes.length == 0 ? Shape.of() : from;
            for (int axis : axes) {
                kept = kept.with(axis, 1);
            }
            NdArray column = new NdArray(dy.backend(), kept, dy.storage());
            return gradients(NdArray.zeros(dy.backend(), from).add(column)); // dx = dy, repeated
        }
    }

    // ---- moving numbers

    /** A new shape for the same elements. */
    record Reshape(int... dims) implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(x[0].reshape(dims));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            return gradients(dy.reshape(c.x[0].shape().dims()));
        }
    }

    /** Reordered axes. */
    record Permute(int... axes) implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(x[0].permute(axes));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            int[] back = new int[axes.length];
            for (int j = 0; j < axes.length; j++) {
                back[axes[j]] = j;
            }
            return gradients(dy.permute(back));
        }
    }

    /** The part [start, end) of an axis; if that is all of it, the array itself. */
    record Slice(int axis, int start, int end) implements Op {
        private boolean isWhole(Shape from) {
            return start == 0 && end == from.dim(axis);
        }

        @Override
        public Result value(NdArray... x) {
            return new Result(isWhole(x[0].shape()) ? x[0] : x[0].slice(axis, start, end));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            Shape from = c.x[0].shape();
            if (isWhole(from)) {
                return gradients(dy);
            }
            NdArray before = NdArray.zeros(dy.backend(), from.with(axis, start));
            NdArray after = NdArray.zeros(dy.backend(), from.with(axis, from.dim(axis) - end));
            return gradients(NdArray.concat(axis, before, dy, after)); // zeros around dy
        }
    }

    /** Concatenation along an axis. */
    record Concat(int axis) implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(NdArray.concat(axis, x));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            @Nullable NdArray[] dx = new NdArray[c.x.length];
            int start = 0;
            for (int i = 0; i < dx.length; i++) {
                int end = start + c.x[i].dim(axis);
                dx[i] = c.wants(i) ? dy.slice(axis, start, end) : null;
                start = end;
            }
            return dx;
        }
    }

    /** Rows of the first axis by id, as in an embedding table; ids may repeat. */
    record GatherRows(IntStorage ids, int count) implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(x[0].gatherRows(ids, count));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            return gradients(dy.scatterRows(ids, c.x[0].dim(0)));
        }
    }

    /** im2col: windows over images {@code [B, C, H, W]} as rows of a matrix {@code [B·OH·OW, C·kernel²]}. */
    record Unfold(int kernel, int stride, int padding) implements Op {
        WindowShape windows(Shape s) {
            if (s.rank() != 4 || Math.min(s.dim(2), s.dim(3)) + 2 * padding < kernel) {
                throw new ShapeException("unfold: windows of " + kernel + " (padding " + padding + ") over " + s
                        + "; expected [batch, channels, height, width], no smaller than the window");
            }
            return new WindowShape(s.dim(0), s.dim(1), s.dim(2), s.dim(3), kernel, stride, padding);
        }

        @Override
        public Result value(NdArray... x) {
            WindowShape shape = windows(x[0].shape());
            NdArray y = x[0].empty(Shape.of(shape.rows(), shape.cols()));
            x[0].kernels().unfold(shape, x[0].storage(), y.storage());
            return new Result(y);
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray dx = dy.empty(c.x[0].shape());
            dy.kernels().fold(windows(c.x[0].shape()), dy.storage(), dx.storage());
            return gradients(dx);
        }
    }

    /** Convolution of images {@code [B, C, H, W]} with weights {@code [O, C, kernel, kernel]}; inputs x, w. */
    record Convolve(int stride, int padding) implements Op {
        private WindowShape windows(NdArray x, NdArray w) {
            return new Unfold(w.dim(2), stride, padding).windows(x.shape());
        }

        @Override
        public Result value(NdArray... x) {
            WindowShape s = windows(x[0], x[1]);
            int out = x[1].dim(0);
            NdArray y = x[0].empty(Shape.of(s.batch(), out, s.outHeight(), s.outWidth()));
            y.kernels().convolve(s, out, x[0].storage(), x[1].storage(), y.storage());
            return new Result(y);
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray x = c.x[0];
            NdArray w = c.x[1];
            WindowShape s = windows(x, w);
            NdArray dx = null;
            if (c.wants(0)) {
                dx = dy.empty(x.shape());
                dy.kernels().convolveInputGradient(s, w.dim(0), w.storage(), dy.storage(), dx.storage());
            }
            NdArray dw = null;
            if (c.wants(1)) {
                dw = dy.empty(w.shape());
                dy.kernels().convolveWeightGradient(s, w.dim(0), x.storage(), dy.storage(), dw.storage());
            }
            return gradients(dx, dw);
        }
    }

    // ---- products

    /** y = op(a)·op(b), batched over leading axes. */
    record MatMul(boolean transposeA, boolean transposeB) implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(x[0].matmul(x[1], transposeA, transposeB));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray a = c.x[0];
            NdArray b = c.x[1];
            NdArray da = null;
            if (c.wants(0)) { // d op(a) = dy·op(b)ᵀ
                da = transposeA ? b.matmul(dy, transposeB, true) : dy.matmul(b, false, !transposeB);
            }
            NdArray db = null;
            if (c.wants(1)) { // d op(b) = op(a)ᵀ·dy
                db = transposeB ? dy.matmul(a, true, transposeA) : a.matmul(dy, !transposeA, false);
            }
            return gradients(da, db);
        }
    }

    /** y = x·wᵀ (+ bias, a third input). */
    record Linear() implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(x[0].linear(x[1], x.length > 2 ? x[2] : null));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray w = c.x[1];
            NdArray rows = dy.reshape(-1, w.dim(0));
            @Nullable NdArray[] dx = new NdArray[c.x.length];
            if (c.wants(0)) { // dx = dy·w
                dx[0] = rows.matmul(w).reshape(c.x[0].shape().dims());
            }
            if (c.wants(1)) { // dw = dyᵀ·x
                dx[1] = rows.transposedMatmul(c.x[0].reshape(-1, w.dim(1)));
            }
            if (dx.length > 2 && c.wants(2)) { // dbias = Σ_rows dy
                dx[2] = rows.sumColumnsLater();
            }
            return dx;
        }
    }

    /** y = r + x·wᵀ + bias, r of the shape of y: a linear map on a residual branch. Inputs r, x, w, bias. */
    record LinearAdd() implements Op {
        @Override
        public Result value(NdArray... x) {
            return new Result(x[1].linearAdd(x[2], x[3], x[0]));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray w = c.x[2];
            NdArray rows = dy.reshape(-1, w.dim(0));
            return gradients(
                    c.wants(0) ? dy : null, // dr = dy
                    c.wants(1) ? rows.matmul(w).reshape(c.x[1].shape().dims()) : null,
                    c.wants(2) ? rows.transposedMatmul(c.x[1].reshape(-1, w.dim(1))) : null,
                    c.wants(3) ? rows.sumColumnsLater() : null);
        }
    }

    /**
     * y = r + f(x·wᵀ + a)·vᵀ + b: the perceptron of a transformer on its residual branch. Inputs r, x, w, a, v, b; h =
     * x·wᵀ + a and f(h) are kept.
     */
    record Mlp(Unary f) implements Op {
        /** Throws an IllegalArgumentException for a function whose derivative is not computed from its input. */
        public Mlp {
            slope(f);
        }

        @Override
        public Result value(NdArray... x) {
            NdArray[] hidden = x[1].linearMap(f, x[2], x[3]);
            return new Result(hidden[1].linearAdd(x[4], x[5], x[0]), hidden);
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray w = c.x[2];
            NdArray v = c.x[4];
            NdArray rows = dy.reshape(-1, v.dim(0));
            NdArray h = c.kept[0].reshape(-1, w.dim(0));
            NdArray fh = c.kept[1].reshape(-1, w.dim(0));
            NdArray dh = null;
            if (c.wants(1) || c.wants(2) || c.wants(3)) { // dh = f′(h)·(dy·v)
                dh = h.zipMatmul(slope(f), rows, v);
            }
            return gradients(
                    c.wants(0) ? dy : null,
                    c.wants(1) && dh != null
                            ? dh.matmul(w).reshape(c.x[1].shape().dims())
                            : null,
                    c.wants(2) && dh != null ? dh.transposedMatmul(c.x[1].reshape(-1, w.dim(1))) : null,
                    c.wants(3) && dh != null ? dh.sumColumnsLater() : null,
                    c.wants(4) ? rows.transposedMatmul(fh) : null,
                    c.wants(5) ? rows.sumColumnsLater() : null);
        }
    }

    // ---- rows and heads

    /** Softmax over the last axis. */
    record Softmax() implements Op {
        @Override
        public Result value(NdArray... x) {
            NdArray y = x[0].empty(x[0].shape());
            x[0].kernels().softmax(x[0].matrix(), x[0].storage(), y.storage());
            return new Result(y);
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray dx = dy.empty(dy.shape());
            dy.kernels().softmaxGradient(dy.matrix(), c.y.storage(), dy.storage(), dx.storage());
            return gradients(dx);
        }
    }

    /** Self-attention over packed {@code [B, T, 3D]}, to {@code [B, T, D]}. */
    record Attention(int heads, boolean causal) implements Op {
        AttentionShape sizes(Shape s) {
            if (s.rank() != 3 || s.dim(2) % (3 * heads) != 0) {
                throw new ShapeException("attention: " + s + " with " + heads
                        + " heads; expected [batch, tokens, 3 * width]" + " and a width that the heads divide");
            }
            return new AttentionShape(s.dim(0), s.dim(1), heads, s.dim(2) / (3 * heads), causal);
        }

        @Override
        public Result value(NdArray... x) {
            AttentionShape s = sizes(x[0].shape());
            NdArray y = x[0].empty(Shape.of(s.batch(), s.tokens(), s.width()));
            NdArray logSums = x[0].empty(Shape.of(s.batch(), heads, s.tokens()));
            x[0].kernels().attention(s, x[0].storage(), y.storage(), logSums.storage());
            return new Result(y, logSums);
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray x = c.x[0];
            NdArray dx = dy.empty(x.shape());
            dy.kernels()
                    .attentionGradient(
                            sizes(x.shape()),
                            x.storage(),
                            c.y.storage(),
                            c.kept[0].storage(),
                            dy.storage(),
                            dx.storage());
            return gradients(dx);
        }
    }

    /** Layer normalisation of the last axis; inputs x, γ, β. */
    record LayerNorm(float epsilon) implements Op {
        @Override
        public Result value(NdArray... x) {
            Shape vector = Shape.of(x[0].dim(-1));
            if (!x[1].shape().equals(vector) || !x[2].shape().equals(vector)) {
                throw new ShapeException("layerNorm: x " + x[0].shape() + ", gamma " + x[1].shape() + ", beta "
                        + x[2].shape() + "; gamma and beta must be " + vector);
            }
            int rows = x[0].rows();
            NdArray y = x[0].empty(x[0].shape());
            NdArray mean = y.empty(Shape.of(rows));
            NdArray rstd = y.empty(Shape.of(rows));
            NormInput input = new NormInput(x[0].storage(), x[1].storage(), x[2].storage(), epsilon);
            y.kernels().layerNorm(y.matrix(), input, y.storage(), mean.storage(), rstd.storage());
            return new Result(y, mean, rstd);
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray dx = dy.empty(dy.shape());
            NdArray dgamma = dy.empty(c.x[1].shape());
            NdArray dbeta = dy.empty(c.x[2].shape());
            NormInput input = new NormInput(c.x[0].storage(), c.x[1].storage(), c.x[2].storage(), epsilon);
            NormGradients gradients = new NormGradients(dx.storage(), dgamma.storage(), dbeta.storage());
            dy.kernels()
                    .layerNormGradient(
                            dy.matrix(), input, c.kept[0].storage(), c.kept[1].storage(), dy.storage(), gradients);
            return gradients(dx, dgamma, dbeta);
        }
    }

    /**
     * Batch normalisation of images {@code [B, C, H, W]} by the statistics of the batch; inputs x, γ, β.
     *
     * @param rectified whether y = max(0, normalised x)
     */
    record BatchNorm(float epsilon, boolean rectified) implements Op {
        static BroadcastShape channels(Shape s) {
            return new BroadcastShape(s.dim(0), s.dim(1), s.size(2, s.rank()));
        }

        static void check(NdArray... x) {
            Shape vector = Shape.of(x[0].shape().rank() < 2 ? 0 : x[0].dim(1));
            if (x[0].shape().rank() < 2
                    || !x[1].shape().equals(vector)
                    || !x[2].shape().equals(vector)) {
                throw new ShapeException("batchNorm: x " + x[0].shape() + ", gamma " + x[1].shape() + ", beta "
                        + x[2].shape() + "; expected [batch, channels, ...] and twice [channels]");
            }
        }

        @Override
        public Result value(NdArray... x) {
            check(x);
            NdArray y = x[0].empty(x[0].shape());
            NdArray mean = y.empty(x[1].shape());
            NdArray variance = y.empty(x[1].shape());
            NormInput input = new NormInput(x[0].storage(), x[1].storage(), x[2].storage(), epsilon);
            if (rectified) {
                y.kernels().batchNormRelu(channels(y.shape()), input, y.storage(), mean.storage(), variance.storage());
            } else {
                y.kernels().batchNorm(channels(y.shape()), input, y.storage(), mean.storage(), variance.storage());
            }
            return new Result(y, mean, variance);
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray dx = dy.empty(dy.shape());
            NdArray dgamma = dy.empty(c.x[1].shape());
            NdArray dbeta = dy.empty(c.x[1].shape());
            NormInput input = new NormInput(c.x[0].storage(), c.x[1].storage(), c.x[2].storage(), epsilon);
            NormGradients gradients = new NormGradients(dx.storage(), dgamma.storage(), dbeta.storage());
            BroadcastShape channels = channels(dy.shape());
            var mean = c.kept[0].storage();
            var variance = c.kept[1].storage();
            if (rectified) {
                dy.kernels()
                        .batchNormReluGradient(channels, input, mean, variance, c.y.storage(), dy.storage(), gradients);
            } else {
                dy.kernels().batchNormGradient(channels, input, mean, variance, dy.storage(), gradients);
            }
            return gradients(dx, dgamma, dbeta);
        }
    }

    /**
     * Batch normalisation of the part {@code [b, C, H, W]} of a batch that several processes share, by the statistics of the whole
     * batch; inputs x, γ, β. The gradients of γ and β are those of this part.
     */
    record SyncBatchNorm(float epsilon, BatchParts parts) implements Op {
        @Override
        public Result value(NdArray... x) {
            BatchNorm.check(x);
            NdArray y = x[0].empty(x[0].shape());
            NdArray mean = y.empty(x[1].shape());
            NdArray variance = y.empty(x[1].shape());
            NormInput input = new NormInput(x[0].storage(), x[1].storage(), x[2].storage(), epsilon);
            y.kernels()
                    .batchNorm(BatchNorm.channels(y.shape()), input, y.storage(), mean.storage(), variance.storage());
            BatchMoments whole = BatchMoments.of(samples(y), mean.toArray(), variance.toArray(), parts);
            mean.set(whole.mean());
            variance.set(whole.variance());
            NdArray scale = x[1].div(variance.affine(1, epsilon).map(Unary.SQRT)); // γ / √(variance + ε)
            NdArray normalised = centred(x[0], mean).mul(column(scale, y)).add(column(x[2], y));
            return new Result(normalised, mean, variance, NdArray.of(y.backend(), Shape.of(), whole.samples()));
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray x = c.x[0];
            NdArray mean = c.kept[0];
            NdArray variance = c.kept[1];
            NdArray dx = dy.empty(dy.shape());
            NdArray dgamma = dy.empty(c.x[1].shape());
            NdArray dbeta = dy.empty(c.x[1].shape());
            NormInput input = new NormInput(x.storage(), c.x[1].storage(), c.x[2].storage(), epsilon);
            NormGradients gradients = new NormGradients(dx.storage(), dgamma.storage(), dbeta.storage());
            dy.kernels()
                    .batchNormGradient(
                            BatchNorm.channels(dy.shape()),
                            input,
                            mean.storage(),
                            variance.storage(),
                            dy.storage(),
                            gradients);
            // dx has the means of dy and of dy·x̂ over this part where those over the whole batch belong
            NdArray[] excess = BatchMoments.excess(samples(dy), dgamma, dbeta, c.kept[2].item(), parts);
            NdArray deviation = variance.affine(1, epsilon).map(Unary.SQRT);
            NdArray scale = c.x[1].div(deviation);
            NdArray slope = column(excess[0].mul(scale).div(deviation), dy);
            NdArray shift = column(excess[1].mul(scale), dy);
            return gradients(dx.add(centred(x, mean).mul(slope)).add(shift), dgamma, dbeta);
        }

        private static int samples(NdArray x) {
            return x.shape().size() / Math.max(1, x.dim(1));
        }

        private static NdArray centred(NdArray x, NdArray mean) {
            return x.sub(column(mean, x));
        }

        /** A number for every channel, to be broadcast over x. */
        private static NdArray column(NdArray vector, NdArray x) {
            int[] dims = new int[x.shape().rank() - 1];
            Arrays.fill(dims, 1);
            dims[0] = vector.dim(0);
            return vector.reshape(dims);
        }
    }

    /** y = x / max(‖x‖₂, epsilon) on the last axis. */
    record L2Normalize(float epsilon) implements Op {
        @Override
        public Result value(NdArray... x) {
            NdArray y = x[0].empty(x[0].shape());
            NdArray norms = y.empty(Shape.of(y.rows()));
            y.kernels().l2Normalize(y.matrix(), epsilon, x[0].storage(), y.storage(), norms.storage());
            return new Result(y, norms);
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray dx = dy.empty(dy.shape());
            dy.kernels()
                    .l2NormalizeGradient(
                            dy.matrix(), epsilon, c.y.storage(), c.kept[0].storage(), dy.storage(), dx.storage());
            return gradients(dx);
        }
    }

    /** Cross-entropy of logits {@code [rows, classes]}: −ln softmax at the target of each row, to {@code [rows]}. */
    record CrossEntropy(IntStorage targets) implements Op {
        @Override
        public Result value(NdArray... x) {
            Shape s = x[0].shape();
            if (s.rank() != 2 || targets.length() != s.dim(0)) {
                throw new ShapeException("crossEntropy: logits " + s + " for " + targets.length()
                        + " targets; expected [rows, classes] and one target a row");
            }
            NdArray losses = x[0].empty(Shape.of(s.dim(0)));
            NdArray logSums = x[0].empty(Shape.of(s.dim(0)));
            x[0].kernels().crossEntropy(x[0].matrix(), x[0].storage(), targets, losses.storage(), logSums.storage());
            return new Result(losses, logSums);
        }

        @Override
        public @Nullable NdArray[] backward(Call c, NdArray dy) {
            NdArray x = c.x[0];
            NdArray dx = dy.empty(x.shape());
            dy.kernels()
                    .crossEntropyGradient(
                            x.matrix(), x.storage(), targets, c.kept[0].storage(), dy.storage(), dx.storage());
            return gradients(dx);
        }
    }
}
