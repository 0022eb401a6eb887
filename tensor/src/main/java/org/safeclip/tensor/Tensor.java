package org.safeclip.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Unary;

/**
 * An array with its history: the value, the operation that computed it and that operation's inputs. Constants have no
 * history and cost nothing in {@link #backward}; a result computed from constants alone is a constant.
 */
public final class Tensor {
    private final NdArray value;
    private final boolean tracked;
    private final Op.@Nullable Call call;
    private final Tensor[] inputs;

    private Tensor(NdArray value, boolean tracked, Op.@Nullable Call call, Tensor... inputs) {
        this.value = value;
        this.tracked = tracked;
        this.call = call;
        this.inputs = inputs;
    }

    /** A leaf whose gradient {@link #backward} computes, such as a weight. */
    public static Tensor parameter(NdArray value) {
        return new Tensor(value, true, null);
    }

    /** A leaf without gradient, such as data, or a value detached from its history. */
    public static Tensor constant(NdArray value) {
        return new Tensor(value, false, null);
    }

    /** Applies an operation and records it if any input is tracked. */
    static Tensor apply(Op op, Tensor... inputs) {
        return remember(op, op.value(values(inputs)), inputs);
    }

    private static NdArray[] values(Tensor... inputs) {
        NdArray[] x = new NdArray[inputs.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = inputs[i].value;
        }
        return x;
    }

    private static Tensor remember(Op op, Op.Result result, Tensor... inputs) {
        boolean[] tracked = new boolean[inputs.length];
        boolean any = false;
        for (int i = 0; i < inputs.length; i++) {
            tracked[i] = inputs[i].tracked;
            any |= tracked[i];
        }
        if (!any) {
            return constant(result.value());
        }
        Op.Call call = new Op.Call(op, values(inputs), tracked, result.value(), result.kept());
        return new Tensor(result.value(), true, call, inputs);
    }

    /** The value, without history. */
    public NdArray value() {
        return value;
    }

    /** Shape of the value. */
    public Shape shape() {
        return value.shape();
    }

    /** Size of an axis; a negative axis counts from the end. */
    public int dim(int axis) {
        return value.dim(axis);
    }

    /**
     * The value of a tensor of one element; the host waits for the device here.
     *
     * @throws ShapeException if there is not exactly one
     */
    public float item() {
        return value.item();
    }

    /**
     * Gradients of this loss, a tensor of one element, with respect to every tracked leaf it depends on.
     *
     * @throws ShapeException if this has more than one element
     */
    public Gradients backward() {
        if (shape().size() != 1) {
            throw new ShapeException("backward: a loss is one number, this tensor is " + shape());
        }
        return backward(NdArray.full(value.backend(), shape(), 1));
    }

    /**
     * Gradients of Σ this·dy with respect to every tracked leaf: the vector-Jacobian product with {@code dy}.
     *
     * @throws ShapeException if dy has another shape
     */
    public Gradients backward(NdArray dy) {
        if (!dy.shape().equals(shape())) {
            throw new ShapeException("backward: a gradient of " + dy.shape() + " for a tensor of " + shape());
        }
        Gradients gradients = new Gradients();
        if (!tracked) {
            return gradients;
        }
        gradients.accumulate(this, dy);
        for (Tensor node : latestFirst()) {
            Op.Call made = node.call;
            if (made == null) {
                continue;
            }
            @Nullable NdArray[] dx = made.op().backward(made, gradients.take(node));
            for (int i = 0; i < dx.length; i++) {
                NdArray part = dx[i];
                if (part != null && node.inputs[i].tracked) {
                    gradients.accumulate(node.inputs[i], part);
                }
            }
        }
        value.backend().kernels().finishSums();
        return gradients;
    }

    /** Every tracked tensor this one depends on, in reverse topological order. */
    private List<Tensor> latestFirst() {
        List<Tensor> order = new ArrayList<>();
        Set<Tensor> entered = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Tensor> left = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Tensor> path = new ArrayDeque<>();
        path.push(this);
        while (!path.isEmpty()) {
            Tensor node = path.peek();
            if (entered.add(node)) {
                for (Tensor input : node.inputs) {
                    if (input.tracked && !entered.contains(input)) {
                        path.push(input);
                    }
                }
            } else {
                path.pop();
                if (left.add(node)) {
                    order.add(node);
                }
            }
        }
        Collections.reverse(order);
        return order;
    }

    // ---- arithmetic

    /** Elementwise this + other, with NumPy broadcasting. */
    public Tensor add(Tensor other) {
        return apply(new Op.Add(), this, other);
    }

    /** Elementwise this − other, with NumPy broadcasting. */
    public Tensor sub(Tensor other) {
        return apply(new Op.Sub(), this, other);
    }

    /** Elementwise this · other, with NumPy broadcasting. */
    public Tensor mul(Tensor other) {
        return apply(new Op.Mul(), this, other);
    }

    /** Elementwise this / other, with NumPy broadcasting. */
    public Tensor div(Tensor other) {
        return apply(new Op.Div(), this, other);
    }

    /** scale · x for every element x. */
    public Tensor scale(float scale) {
        return affine(scale, 0);
    }

    /** scale · x + shift for every element x. */
    public Tensor affine(float scale, float shift) {
        return apply(new Op.Affine(scale, shift), this);
    }

    /** f of every element. */
    public Tensor apply(Unary f) {
        return apply(new Op.Apply(f), this);
    }

    /** eˣ of every element. */
    public Tensor exp() {
        return apply(Unary.EXP);
    }

    /** ln x of every element. */
    public Tensor log() {
        return apply(Unary.LOG);
    }

    /** √x of every element. */
    public Tensor sqrt() {
        return apply(Unary.SQRT);
    }

    /** max(x, 0) of every element. */
    public Tensor relu() {
        return apply(Unary.RELU);
    }

    /** x·Φ(x) of every element: the exact GELU (Hendrycks and Gimpel 2016). */
    public Tensor gelu() {
        return apply(Unary.GELU);
    }

    /** x·σ(1.702x) of every element: the GELU approximation of OpenAI's CLIP. */
    public Tensor quickGelu() {
        return apply(Unary.QUICK_GELU);
    }

    /** Sum over these axes, which are removed; without arguments over all. */
    public Tensor sum(int... axes) {
        return apply(new Op.Sum(axes), this);
    }

    /** Mean over these axes, which are removed; without arguments over all. */
    public Tensor mean(int... axes) {
        Tensor sum = sum(axes);
        return sum.scale((float) sum.shape().size() / shape().size());
    }

    // ---- moving numbers

    /**
     * This tensor in another shape; one size may be −1 and is then inferred.
     *
     * @throws ShapeException if the number of elements differs
     */
    public Tensor reshape(int... dims) {
        return apply(new Op.Reshape(dims), this);
    }

    /** Reorders the axes: axis j of the result is axis {@code axes[j]} of this tensor. */
    public Tensor permute(int... axes) {
        return apply(new Op.Permute(axes), this);
    }

    /** The part {@code [start, end)} of one axis. */
    public Tensor slice(int axis, int start, int end) {
        return apply(new Op.Slice(axis, start, end), this);
    }

    /**
     * Concatenates tensors along an axis.
     *
     * @throws ShapeException if their other sizes differ
     */
    public static Tensor concat(int axis, Tensor... parts) {
        return apply(new Op.Concat(axis), parts);
    }

    /** The rows {@code ids[0 .. count)} of the first axis; ids may repeat. */
    public Tensor gatherRows(IntStorage ids, int count) {
        return apply(new Op.GatherRows(ids, count), this);
    }

    /**
     * im2col: the square windows over images {@code [B, C, H, W]} as rows {@code [B·OH·OW, C·kernel²]}, zero-padded.
     */
    public Tensor unfold(int kernel, int stride, int padding) {
        return apply(new Op.Unfold(kernel, stride, padding), this);
    }

    // ---- products and layers

    /** Matrix product {@code [.., m, k]·[.., k, n]}, batched over the leading axes. */
    public Tensor matmul(Tensor other) {
        return apply(new Op.MatMul(false, false), this, other);
    }

    /** Matrix product this·otherᵀ, {@code [.., m, k]} by {@code [.., n, k]}, batched over the leading axes. */
    public Tensor matmulTransposed(Tensor other) {
        return apply(new Op.MatMul(false, true), this, other);
    }

    /** Matrix product thisᵀ·other, {@code [.., k, m]} by {@code [.., k, n]}, batched over the leading axes. */
    public Tensor transposedMatmul(Tensor other) {
        return apply(new Op.MatMul(true, false), this, other);
    }

    /** Linear layer this·wᵀ + bias on the last axis: {@code [.., in]} to {@code [.., out]}, w {@code [out, in]}. */
    public Tensor linear(Tensor w, @Nullable Tensor bias) {
        return bias == null ? apply(new Op.Linear(), this, w) : apply(new Op.Linear(), this, w, bias);
    }

    /** residual + this·wᵀ + bias: {@code residual.add(linear(w, bias))} in one pass. */
    public Tensor linearAdd(Tensor w, Tensor bias, Tensor residual) {
        return apply(new Op.LinearAdd(), residual, this, w, bias);
    }

    /**
     * Residual perceptron residual + f(this·wᵀ + a)·vᵀ + b: {@code residual.add(linear(w, a).apply(f).linear(v, b))} in
     * fewer passes.
     *
     * @param f RELU or one of the GELUs
     */
    public Tensor mlpAdd(Unary f, Tensor w, Tensor a, Tensor v, Tensor b, Tensor residual) {
        return apply(new Op.Mlp(f), residual, this, w, a, v, b);
    }

    /**
     * Convolution (cross-correlation) of images {@code [B, C, H, W]} with a weight {@code [O, C, k, k]}, to {@code [B,
     * O, OH, OW]}: in one kernel where the device is faster that way, else as unfold, linear and permute.
     *
     * @throws ShapeException if image and weight do not fit
     */
    public Tensor conv2d(Tensor weight, @Nullable Tensor bias, int stride, int padding) {
        Shape w = weight.shape();
        if (w.rank() != 4 || w.dim(2) != w.dim(3) || shape().rank() != 4 || w.dim(1) != dim(1)) {
            throw new ShapeException("conv2d: pictures " + shape() + ", weight " + w
                    + "; expected [batch, in, height, width] and [out, in, kernel, kernel]");
        }
        Op.Unfold unfold = new Op.Unfold(w.dim(2), stride, padding);
        var windows = unfold.windows(shape());
        if (value.kernels().convolves(windows)) {
            Tensor y = apply(new Op.Convolve(stride, padding), this, weight);
            return bias == null ? y : y.add(bias.reshape(-1, 1, 1));
        }
        Tensor rows = apply(unfold, this).linear(weight.reshape(w.dim(0), windows.cols()), bias);
        return rows.reshape(dim(0), windows.outHeight() * windows.outWidth(), w.dim(0)) // [B, P, O]
                .permute(0, 2, 1)
                .reshape(dim(0), w.dim(0), windows.outHeight(), windows.outWidth());
    }

    /** Average pooling of {@code [B, C, H, W]} over k x k blocks; incomplete blocks at the edge are dropped. */
    public Tensor averagePool2d(int k) {
        Tensor planes = reshape(dim(0) * dim(1), 1, dim(2), dim(3));
        return planes.unfold(k, k, 0).mean(1).reshape(dim(0), dim(1), dim(2) / k, dim(3) / k);
    }

    /** Softmax over the last axis. */
    public Tensor softmax() {
        return apply(new Op.Softmax(), this);
    }

    /** Logarithm of the softmax over the last axis, x − ln Σ eˣ, without overflow. */
    public Tensor logSoftmax() {
        int[] column = shape().with(-1, 1).dims();
        Tensor shifted = sub(constant(value.max(-1).reshape(column)));
        return shifted.sub(shifted.exp().sum(-1).log().reshape(column));
    }

    /**
     * Multi-head self-attention (Vaswani et al. 2017) over packed queries, keys and values {@code [B, T, 3D]}, to
     * {@code [B, T, D]}.
     *
     * @param causal whether token t sees only tokens 0..t
     */
    public Tensor attention(int heads, boolean causal) {
        return apply(new Op.Attention(heads, causal), this);
    }

    /** Layer normalisation (Ba et al. 2016) over the last axis: γ·(x − mean)/√(variance + epsilon) + β. */
    public Tensor layerNorm(Tensor gamma, Tensor beta, float epsilon) {
        return apply(new Op.LayerNorm(epsilon), this, gamma, beta);
    }

    /**
     * Batch normalisation (Ioffe and Szegedy 2015) of {@code [B, C, ..]} by the statistics of this batch.
     *
     * @param gamma γ, {@code [C]}
     * @param beta β, {@code [C]}
     * @param statistics receives mean and variance of every channel
     */
    public Tensor batchNorm2d(Tensor gamma, Tensor beta, float epsilon, BatchStatistics statistics) {
        return batchNorm(new Op.BatchNorm(epsilon, false), gamma, beta, statistics);
    }

    /** max(0, normalised this): {@code batchNorm2d(gamma, beta, epsilon, statistics).relu()} in fewer passes. */
    public Tensor batchNorm2dRelu(Tensor gamma, Tensor beta, float epsilon, BatchStatistics statistics) {
        return batchNorm(new Op.BatchNorm(epsilon, true), gamma, beta, statistics);
    }

    private Tensor batchNorm(Op.BatchNorm op, Tensor gamma, Tensor beta, BatchStatistics statistics) {
        Op.Result result = op.value(value, gamma.value, beta.value);
        statistics.accept(result.kept()[0], result.kept()[1]);
        return remember(op, result, this, gamma, beta);
    }

    /**
     * Batch normalisation of the part {@code [b, C, ..]} of a batch by the statistics of the whole batch. The gradients of γ and β
     * are those of this part, to be summed over the parts.
     *
     * @param gamma γ, {@code [C]}
     * @param beta β, {@code [C]}
     * @param parts connects this part with the others, here and in the backward pass
     * @param statistics receives mean and variance of every channel of the whole batch, and how many numbers they are taken over
     */
    public Tensor syncBatchNorm2d(
            Tensor gamma, Tensor beta, float epsilon, BatchParts parts, WholeBatchStatistics statistics) {
        Op op = new Op.SyncBatchNorm(epsilon, parts);
        Op.Result result = op.value(value, gamma.value, beta.value);
        NdArray[] kept = result.kept();
        statistics.accept(kept[0], kept[1], Math.round(kept[2].item()));
        return remember(op, result, this, gamma, beta);
    }

    /** Receives the mean and the biased variance of every channel of a batch in parts, each {@code [C]}, and their sample size. */
    @FunctionalInterface
    public interface WholeBatchStatistics {
        /** Called once, before {@link #syncBatchNorm2d} returns. */
        void accept(NdArray mean, NdArray variance, int samples);
    }

    /** Receives the mean and the biased variance of every channel of a batch, each {@code [C]}. */
    @FunctionalInterface
    public interface BatchStatistics {
        /** Called once, before {@link #batchNorm2d} returns. */
        void accept(NdArray mean, NdArray variance);
    }

    /** Rows (last axis) scaled to unit length: x / max(‖x‖₂, epsilon). */
    public Tensor l2Normalize(float epsilon) {
        return apply(new Op.L2Normalize(epsilon), this);
    }

    /**
     * Mean cross-entropy of logits {@code [rows, classes]}: −ln softmax at the target of each row.
     *
     * @param targets class of each row
     */
    public Tensor crossEntropy(IntStorage targets) {
        return apply(new Op.CrossEntropy(targets), this).mean();
    }

    @Override
    public String toString() {
        return (call == null ? (tracked ? "parameter" : "constant") : call.op().toString())
                + Arrays.toString(shape().dims());
    }
}
