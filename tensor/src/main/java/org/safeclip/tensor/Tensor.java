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
 * An array that remembers how it came about: its value, the operation and the inputs. Constants have no history and cost
 * nothing in {@link #backward}; what is computed from constants alone is a constant.
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

    /** A leaf whose gradient is wanted: a weight. */
    public static Tensor parameter(NdArray value) {
        return new Tensor(value, true, null);
    }

    /** A leaf whose gradient is not: data, or a value whose history is to be forgotten. */
    public static Tensor constant(NdArray value) {
        return new Tensor(value, false, null);
    }

    /** Applies an operation and, if any input is tracked, remembers it. */
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

    /** The numbers. */
    public NdArray value() {
        return value;
    }

    /** The sizes of the axes. */
    public Shape shape() {
        return value.shape();
    }

    /** Size of an axis, counted from the end where negative. */
    public int dim(int axis) {
        return value.dim(axis);
    }

    /** The number of a tensor of one; the host waits for the device here. */
    public float item() {
        return value.item();
    }

    /**
     * The gradients of this number with respect to every tracked leaf it depends on.
     *
     * @throws ShapeException if this is not one number
     */
    public Gradients backward() {
        if (shape().size() != 1) {
            throw new ShapeException("backward: a loss is one number, this tensor is " + shape());
        }
        return backward(NdArray.full(value.backend(), shape(), 1));
    }

    /** The gradients of the sum of this tensor's numbers, each weighted by {@code dy}. */
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
        return gradients;
    }

    /** Every tracked tensor this one came from, each after all that were computed from it. */
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

    /** this + other, with broadcasting. */
    public Tensor add(Tensor other) {
        return apply(new Op.Add(), this, other);
    }

    /** this − other, with broadcasting. */
    public Tensor sub(Tensor other) {
        return apply(new Op.Sub(), this, other);
    }

    /** this · other by element, with broadcasting. */
    public Tensor mul(Tensor other) {
        return apply(new Op.Mul(), this, other);
    }

    /** this / other by element, with broadcasting. */
    public Tensor div(Tensor other) {
        return apply(new Op.Div(), this, other);
    }

    /** scale · this. */
    public Tensor scale(float scale) {
        return affine(scale, 0);
    }

    /** scale · this + shift. */
    public Tensor affine(float scale, float shift) {
        return apply(new Op.Affine(scale, shift), this);
    }

    /** f by element. */
    public Tensor apply(Unary f) {
        return apply(new Op.Apply(f), this);
    }

    /** eˣ. */
    public Tensor exp() {
        return apply(Unary.EXP);
    }

    /** ln x. */
    public Tensor log() {
        return apply(Unary.LOG);
    }

    /** √x. */
    public Tensor sqrt() {
        return apply(Unary.SQRT);
    }

    /** max(x, 0). */
    public Tensor relu() {
        return apply(Unary.RELU);
    }

    /** x·Φ(x). */
    public Tensor gelu() {
        return apply(Unary.GELU);
    }

    /** x·σ(1.702x). */
    public Tensor quickGelu() {
        return apply(Unary.QUICK_GELU);
    }

    /** Sum over axes, which vanish; none given: over all. */
    public Tensor sum(int... axes) {
        return apply(new Op.Sum(axes), this);
    }

    /** Mean over axes, which vanish; none given: over all. */
    public Tensor mean(int... axes) {
        Tensor sum = sum(axes);
        return sum.scale((float) sum.shape().size() / shape().size());
    }

    // ---- moving numbers

    /** The same numbers in another shape; one size may be −1. */
    public Tensor reshape(int... dims) {
        return apply(new Op.Reshape(dims), this);
    }

    /** Axis j of the result is axis {@code axes[j]} of this. */
    public Tensor permute(int... axes) {
        return apply(new Op.Permute(axes), this);
    }

    /** The part [start, end) of an axis. */
    public Tensor slice(int axis, int start, int end) {
        return apply(new Op.Slice(axis, start, end), this);
    }

    /** Tensors one after the other along an axis. */
    public static Tensor concat(int axis, Tensor... parts) {
        return apply(new Op.Concat(axis), parts);
    }

    /** Rows {@code ids[0 .. count)} of the first axis. */
    public Tensor gatherRows(IntStorage ids, int count) {
        return apply(new Op.GatherRows(ids, count), this);
    }

    /** Square windows over {@code [B, C, H, W]} as rows: {@code [B·OH·OW, C·kernel²]}. */
    public Tensor unfold(int kernel, int stride, int padding) {
        return apply(new Op.Unfold(kernel, stride, padding), this);
    }

    // ---- products and layers

    /** this·other, batched over leading axes. */
    public Tensor matmul(Tensor other) {
        return apply(new Op.MatMul(false, false), this, other);
    }

    /** this·otherᵀ, batched over leading axes. */
    public Tensor matmulTransposed(Tensor other) {
        return apply(new Op.MatMul(false, true), this, other);
    }

    /** thisᵀ·other, batched over leading axes. */
    public Tensor transposedMatmul(Tensor other) {
        return apply(new Op.MatMul(true, false), this, other);
    }

    /** this·wᵀ + bias on the last axis; w is {@code [out, in]}. */
    public Tensor linear(Tensor w, @Nullable Tensor bias) {
        return bias == null ? apply(new Op.Linear(), this, w) : apply(new Op.Linear(), this, w, bias);
    }

    /** this·wᵀ + bias + residual, which is {@code residual.add(linear(w, bias))} in one pass. */
    public Tensor linearAdd(Tensor w, Tensor bias, Tensor residual) {
        return apply(new Op.LinearAdd(), residual, this, w, bias);
    }

    /**
     * residual + f(this·wᵀ + a)·vᵀ + b: {@code residual.add(linear(w, a).apply(f).linear(v, b))} with nothing read twice.
     *
     * @param f RELU or one of the GELUs
     */
    public Tensor mlpAdd(Unary f, Tensor w, Tensor a, Tensor v, Tensor b, Tensor residual) {
        return apply(new Op.Mlp(f), residual, this, w, a, v, b);
    }

    /**
     * Cross-correlation of pictures {@code [B, C, H, W]} with a weight {@code [O, C, k, k]}, to {@code [B, O, OH, OW]}:
     * unfold, linear, and the channels back in front.
     */
    public Tensor conv2d(Tensor weight, @Nullable Tensor bias, int stride, int padding) {
        Shape w = weight.shape();
        if (w.rank() != 4 || w.dim(2) != w.dim(3) || shape().rank() != 4 || w.dim(1) != dim(1)) {
            throw new ShapeException("conv2d: pictures " + shape() + ", weight " + w
                    + "; expected [batch, in, height, width] and [out, in, kernel, kernel]");
        }
        Op.Unfold unfold = new Op.Unfold(w.dim(2), stride, padding);
        var windows = unfold.windows(shape());
        Tensor rows = apply(unfold, this).linear(weight.reshape(w.dim(0), windows.cols()), bias);
        return rows.reshape(dim(0), windows.outHeight() * windows.outWidth(), w.dim(0)) // [B, P, O]
                .permute(0, 2, 1)
                .reshape(dim(0), w.dim(0), windows.outHeight(), windows.outWidth());
    }

    /** Means of k x k blocks of {@code [B, C, H, W]}; incomplete blocks are dropped. */
    public Tensor averagePool2d(int k) {
        Tensor planes = reshape(dim(0) * dim(1), 1, dim(2), dim(3));
        return planes.unfold(k, k, 0).mean(1).reshape(dim(0), dim(1), dim(2) / k, dim(3) / k);
    }

    /** Softmax over the last axis. */
    public Tensor softmax() {
        return apply(new Op.Softmax(), this);
    }

    /** x − ln Σ eˣ over the last axis, the maximum taken out first. */
    public Tensor logSoftmax() {
        int[] column = shape().with(-1, 1).dims();
        Tensor shifted = sub(constant(value.max(-1).reshape(column)));
        return shifted.sub(shifted.exp().sum(-1).log().reshape(column));
    }

    /** Multi-head self-attention over packed queries, keys and values {@code [B, T, 3D]}, to {@code [B, T, D]}. */
    public Tensor attention(int heads, boolean causal) {
        return apply(new Op.Attention(heads, causal), this);
    }

    /** γ·(x − mean)/√(variance + epsilon) + β over the last axis. */
    public Tensor layerNorm(Tensor gamma, Tensor beta, float epsilon) {
        return apply(new Op.LayerNorm(epsilon), this, gamma, beta);
    }

    /** Batch normalisation by the statistics of this batch, which are given to {@code statistics}. */
    public Tensor batchNorm2d(Tensor gamma, Tensor beta, float epsilon, BatchStatistics statistics) {
        Op op = new Op.BatchNorm(epsilon);
        Op.Result result = op.value(value, gamma.value, beta.value);
        statistics.accept(result.kept()[0], result.kept()[1]);
        return remember(op, result, this, gamma, beta);
    }

    /** Who wants to know the mean and the biased variance of every channel of a batch. */
    @FunctionalInterface
    public interface BatchStatistics {
        /** Called once, before {@link #batchNorm2d} returns. */
        void accept(NdArray mean, NdArray variance);
    }

    /** x / max(‖x‖₂, epsilon) over the last axis. */
    public Tensor l2Normalize(float epsilon) {
        return apply(new Op.L2Normalize(epsilon), this);
    }

    /** Mean over rows of −ln softmax at the target of the row. */
    public Tensor crossEntropy(IntStorage targets) {
        return apply(new Op.CrossEntropy(targets), this).mean();
    }

    @Override
    public String toString() {
        return (call == null ? (tracked ? "parameter" : "constant") : call.op().toString())
                + Arrays.toString(shape().dims());
    }
}
