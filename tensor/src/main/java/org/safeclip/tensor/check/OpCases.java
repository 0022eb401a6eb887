package org.safeclip.tensor.check;

import static org.safeclip.tensor.check.OpCase.Numbers.AWAY_FROM_ZERO;
import static org.safeclip.tensor.check.OpCase.Numbers.NORMAL;
import static org.safeclip.tensor.check.OpCase.Numbers.POSITIVE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Op;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Unary;
import org.safeclip.tensor.check.OpCase.Formula;
import org.safeclip.tensor.check.OpCase.Input;
import org.safeclip.tensor.check.OpCase.Numbers;

/**
 * The catalogue of test cases: every record of {@link Op} and some compositions, at sizes that are no multiple of any
 * vector width. A new operation gets its line here.
 */
public final class OpCases {
    /** One number, a few, one vector more or less, and more than any vector. */
    static final int[] SIZES = {1, 3, 7, 8, 31, 64, 65, 255};

    private static final float EPSILON = 1e-5f;

    private final List<OpCase> cases = new ArrayList<>();

    private OpCases() {}

    /** All cases, small enough for a gradient check. */
    public static List<OpCase> all() {
        OpCases catalogue = new OpCases();
        catalogue.arithmetic();
        catalogue.functions();
        catalogue.sums();
        catalogue.moves();
        catalogue.windows();
        catalogue.products();
        catalogue.rows();
        catalogue.attention();
        catalogue.batches();
        return List.copyOf(catalogue.cases);
    }

    static Input of(Numbers numbers, int... dims) {
        return new Input(Shape.of(dims), numbers);
    }

    static Input normal(int... dims) {
        return of(NORMAL, dims);
    }

    static IntStorage ids(Tensor beside, int... numbers) {
        IntStorage ids = beside.value().backend().allocateInts(numbers.length);
        ids.write(numbers, 0, numbers.length);
        return ids;
    }

    private void add(@Nullable Class<? extends Op> op, String name, Formula formula, Input... inputs) {
        String shapes = String.join(
                " ", Arrays.stream(inputs).map(x -> x.shape().toString()).toList());
        cases.add(new OpCase(name + " " + shapes, op, List.of(inputs), formula));
    }

    private void arithmetic() {
        for (int n : SIZES) {
            arithmetic(new int[] {n}, new int[] {n});
            add(Op.Affine.class, "affine", x -> x[0].affine(-1.5f, 0.25f), normal(n));
        }
        arithmetic(new int[] {4, 5}, new int[] {5}); // rows
        arithmetic(new int[] {3, 65}, new int[] {65});
        arithmetic(new int[] {4, 5}, new int[] {4, 1}); // columns
        arithmetic(new int[] {3, 65}, new int[] {3, 1});
        arithmetic(new int[] {3, 4}, new int[] {}); // one number
        arithmetic(new int[] {}, new int[] {3, 4});
        arithmetic(new int[] {5}, new int[] {4, 5});
        arithmetic(new int[] {4, 1}, new int[] {4, 5});
        arithmetic(new int[] {2, 31, 3}, new int[] {31, 1}); // the middle
        arithmetic(new int[] {2, 3, 4}, new int[] {2, 1, 4}); // axes that are no neighbours
        arithmetic(new int[] {2, 1, 4}, new int[] {2, 3, 4});
        arithmetic(new int[] {7, 1}, new int[] {1, 65}); // both
        arithmetic(new int[] {2, 1, 4}, new int[] {1, 3, 1});
        arithmetic(new int[] {3, 1, 2, 5}, new int[] {3, 4, 1, 5});
    }

    private void arithmetic(int[] a, int[] b) {
        add(Op.Add.class, "add", x -> x[0].add(x[1]), normal(a), normal(b));
        add(Op.Sub.class, "sub", x -> x[0].sub(x[1]), normal(a), normal(b));
        add(Op.Mul.class, "mul", x -> x[0].mul(x[1]), normal(a), normal(b));
        add(Op.Div.class, "div", x -> x[0].div(x[1]), normal(a), of(AWAY_FROM_ZERO, b));
    }

    private void functions() {
        for (Unary f : Unary.values()) {
            Numbers domain = switch (f) {
                case LOG, SQRT -> POSITIVE;
                case RELU -> AWAY_FROM_ZERO;
                case NEG, EXP, TANH, SIGMOID, GELU, GELU_TANH, QUICK_GELU -> NORMAL;
            };
            for (int n : SIZES) {
                add(Op.Apply.class, f.name(), x -> x[0].apply(f), of(domain, n));
            }
        }
    }

    private void sums() {
        for (int n : SIZES) {
            add(Op.Sum.class, "sum", x -> x[0].sum(), normal(n));
            add(Op.Sum.class, "sum of columns", x -> x[0].sum(0), normal(n, 4));
            add(Op.Sum.class, "sum of columns", x -> x[0].sum(0), normal(3, n));
            add(Op.Sum.class, "sum of rows", x -> x[0].sum(-1), normal(3, n));
            add(Op.Sum.class, "sum of rows", x -> x[0].sum(-1), normal(n, 4));
        }
        add(Op.Sum.class, "sum of one number", x -> x[0].sum(), normal());
        add(Op.Sum.class, "sum(1)", x -> x[0].sum(1), normal(3, 5, 7));
        add(Op.Sum.class, "sum(0, 1)", x -> x[0].sum(0, 1), normal(3, 5, 7));
        add(Op.Sum.class, "sum(0, 2)", x -> x[0].sum(0, 2), normal(3, 5, 7));
        add(Op.Sum.class, "sum(1, 3)", x -> x[0].sum(1, 3), normal(2, 3, 4, 5));
        add(Op.Sum.class, "sum(0, 2, 3)", x -> x[0].sum(0, 2, 3), normal(2, 3, 4, 5));
        add(null, "mean", x -> x[0].mean(), normal(3, 5));
        add(null, "mean(0)", x -> x[0].mean(0), normal(3, 5));
    }

    private void moves() {
        add(Op.Reshape.class, "reshape", x -> x[0].reshape(5, -1), normal(3, 5, 7));
        add(Op.Reshape.class, "reshape to one number", x -> x[0].reshape(), normal(1, 1));
        add(Op.Permute.class, "transpose", x -> x[0].permute(1, 0), normal(1, 7));
        add(Op.Permute.class, "transpose", x -> x[0].permute(1, 0), normal(31, 65));
        add(Op.Permute.class, "permute(0, 2, 1, 3)", x -> x[0].permute(0, 2, 1, 3), normal(2, 4, 3, 5));
        add(Op.Permute.class, "permute(2, 0, 1)", x -> x[0].permute(2, 0, 1), normal(3, 1, 7));
        add(Op.Permute.class, "permute(3, 1, 0, 2)", x -> x[0].permute(3, 1, 0, 2), normal(2, 3, 4, 5));
        add(Op.Slice.class, "slice(0, 1, 4)", x -> x[0].slice(0, 1, 4), normal(6, 4));
        add(Op.Slice.class, "slice(1, 3, 6)", x -> x[0].slice(1, 3, 6), normal(3, 9));
        add(Op.Slice.class, "slice(-1, 0, 65)", x -> x[0].slice(-1, 0, 65), normal(3, 65));
        add(Op.Slice.class, "slice(1, 0, 1)", x -> x[0].slice(1, 0, 1), normal(3, 7, 5));
        add(Op.Concat.class, "concat(0)", x -> Tensor.concat(0, x), normal(2, 3), normal(4, 3));
        add(Op.Concat.class, "concat(1)", x -> Tensor.concat(1, x), normal(2, 1, 4), normal(2, 3, 4), normal(2, 2, 4));
        add(Op.Concat.class, "concat(-1)", x -> Tensor.concat(-1, x), normal(3, 31), normal(3, 8));
        for (int n : SIZES) {
            add(
                    Op.GatherRows.class,
                    "gatherRows with repeats",
                    x -> x[0].gatherRows(ids(x[0], 4, 0, 4, 2, 4), 5),
                    normal(5, n));
        }
        add(Op.GatherRows.class, "gatherRows of numbers", x -> x[0].gatherRows(ids(x[0], 6, 6, 1), 2), normal(7));
    }

    private void windows() {
        windows(1, 1, 0, 2, 3, 5, 7);
        windows(2, 1, 0, 1, 2, 5, 7);
        windows(3, 1, 1, 2, 3, 6, 6);
        windows(3, 2, 1, 2, 3, 8, 7);
        windows(4, 4, 0, 2, 3, 8, 8);
        windows(5, 3, 2, 1, 2, 7, 9);
        windows(3, 1, 0, 1, 1, 3, 3);
        convolution(3, 1, 1, 4, 2, 3, 6, 6);
        convolution(1, 1, 0, 5, 3, 7, 4, 5);
        convolution(1, 1, 0, 17, 2, 3, 3, 3);
        convolution(3, 1, 0, 33, 1, 2, 5, 7);
        convolution(5, 1, 2, 3, 1, 2, 6, 4);
        convolution(3, 2, 1, 3, 2, 2, 7, 6);
        add(
                null,
                "conv2d with bias",
                x -> x[0].conv2d(x[1], x[2], 2, 0),
                normal(2, 2, 5, 7),
                normal(3, 2, 3, 3),
                normal(3));
        add(null, "averagePool2d(2)", x -> x[0].averagePool2d(2), normal(2, 3, 6, 5));
    }

    private void convolution(int kernel, int stride, int padding, int out, int... dims) {
        add(
                Op.Convolve.class,
                "conv2d(" + kernel + ", " + stride + ", " + padding + ")",
                x -> x[0].conv2d(x[1], null, stride, padding),
                normal(dims),
                normal(out, dims[1], kernel, kernel));
    }

    private void windows(int kernel, int stride, int padding, int... dims) {
        String name = "unfold(" + kernel + ", " + stride + ", " + padding + ")";
        add(Op.Unfold.class, name, x -> x[0].unfold(kernel, stride, padding), normal(dims));
    }

    private void products() {
        for (int n : SIZES) {
            products(n, 3, 5);
            products(4, n, 3);
            products(3, 5, n);
            linear(3, n, 5);
            linear(n, 3, 7);
            linear(5, 3, n);
        }
        products(65, 31, 33);
        linear(17, 33, 65);
        add(Op.MatMul.class, "matmul", x -> x[0].matmul(x[1]), normal(3, 4, 5), normal(3, 5, 6));
        add(
                Op.MatMul.class,
                "matmulTransposed",
                x -> x[0].matmulTransposed(x[1]),
                normal(2, 3, 4, 5),
                normal(2, 3, 7, 5));
        add(Op.MatMul.class, "transposedMatmul", x -> x[0].transposedMatmul(x[1]), normal(3, 8, 9), normal(3, 8, 1));
        add(Op.Linear.class, "linear", x -> x[0].linear(x[1], x[2]), normal(2, 4, 6), normal(5, 6), normal(5));
        for (Unary f :
                new Unary[] {Unary.GELU, Unary.GELU_TANH, Unary.QUICK_GELU}) { // no kink for a difference to cross
            perceptron(f, 5, 7, 9);
        }
        perceptron(Unary.GELU, 1, 1, 1);
        perceptron(Unary.QUICK_GELU, 17, 8, 33);
        add(Op.Linear.class, "linear of a vector", x -> x[0].linear(x[1], null), normal(6), normal(5, 6));
    }

    private void products(int m, int k, int n) {
        add(Op.MatMul.class, "matmul", x -> x[0].matmul(x[1]), normal(m, k), normal(k, n));
        add(Op.MatMul.class, "matmulTransposed", x -> x[0].matmulTransposed(x[1]), normal(m, k), normal(n, k));
        add(Op.MatMul.class, "transposedMatmul", x -> x[0].transposedMatmul(x[1]), normal(k, m), normal(k, n));
    }

    private void perceptron(Unary f, int rows, int width, int hidden) {
        add(
                Op.Mlp.class,
                "mlpAdd " + f,
                x -> x[1].mlpAdd(f, x[2], x[3], x[4], x[5], x[0]),
                normal(rows, width),
                normal(rows, width),
                normal(hidden, width),
                normal(hidden),
                normal(width, hidden),
                normal(width));
    }

    private void linear(int rows, int in, int out) {
        add(
                Op.LinearAdd.class,
                "linearAdd",
                x -> x[1].linearAdd(x[2], x[3], x[0]),
                normal(rows, out),
                normal(rows, in),
                normal(out, in),
                normal(out));
        add(Op.Linear.class, "linear", x -> x[0].linear(x[1], x[2]), normal(rows, in), normal(out, in), normal(out));
        add(Op.Linear.class, "linear without bias", x -> x[0].linear(x[1], null), normal(rows, in), normal(out, in));
    }

    private void rows() {
        for (int n : SIZES) {
            Formula normalised = x -> x[0].layerNorm(x[1], x[2], EPSILON);
            add(Op.Softmax.class, "softmax", x -> x[0].softmax(), normal(3, n));
            add(null, "logSoftmax", x -> x[0].logSoftmax(), normal(3, n));
            if (n >= 7) { // a row of two or three numbers may have next to no variance, and then no step is small
                add(Op.LayerNorm.class, "layerNorm", normalised, normal(3, n), normal(n), normal(n));
            }
            add(Op.L2Normalize.class, "l2Normalize", x -> x[0].l2Normalize(1e-12f), of(AWAY_FROM_ZERO, 3, n));
            add(Op.L2Normalize.class, "l2Normalize cut", x -> x[0].l2Normalize(100), normal(3, n));
            add(
                    Op.CrossEntropy.class,
                    "crossEntropy",
                    x -> x[0].crossEntropy(ids(x[0], 0, n - 1, n / 2, 0)),
                    normal(4, n));
            add(
                    Op.CrossEntropy.class,
                    "crossEntropy of the diagonal",
                    x -> x[0].crossEntropy(diagonal(x[0])),
                    normal(n, n));
        }
        add(Op.Softmax.class, "softmax", x -> x[0].softmax(), normal(2, 3, 7));
        add(Op.Softmax.class, "softmax", x -> x[0].softmax(), normal(65, 5));
        add(
                Op.LayerNorm.class,
                "layerNorm",
                x -> x[0].layerNorm(x[1], x[2], EPSILON),
                normal(2, 33, 10),
                normal(10),
                normal(10));
    }

    private static IntStorage diagonal(Tensor logits) {
        int[] targets = new int[logits.dim(0)];
        Arrays.setAll(targets, i -> i);
        return ids(logits, targets);
    }

    private void attention() {
        int[] tokens = {1, 2, 7, 17, 33};
        for (boolean causal : new boolean[] {false, true}) {
            for (int t : tokens) {
                attention(2, t, 1, 4, causal);
                attention(2, t, 3, 5, causal);
            }
            attention(1, 7, 2, 1, causal);
            attention(1, 7, 2, 31, causal);
            attention(1, 3, 1, 64, causal);
            attention(1, 5, 2, 65, causal);
            attention(1, 65, 1, 8, causal);
        }
    }

    private void attention(int batch, int tokens, int heads, int headWidth, boolean causal) {
        String name = (causal ? "causal attention of " : "attention of ") + heads + " heads";
        add(Op.Attention.class, name, x -> x[0].attention(heads, causal), normal(batch, tokens, 3 * heads * headWidth));
    }

    private void batches() {
        Formula normalised = x -> x[0].batchNorm2d(x[1], x[2], EPSILON, (mean, variance) -> {});
        add(Op.BatchNorm.class, "batchNorm2d", normalised, normal(3, 4, 5, 5), normal(4), normal(4));
        add(Op.BatchNorm.class, "batchNorm2d", normalised, normal(2, 3, 7, 3), normal(3), normal(3));
        add(Op.BatchNorm.class, "batchNorm2d", normalised, normal(1, 8, 3, 3), normal(8), normal(8));
        add(Op.BatchNorm.class, "batchNorm2d", normalised, normal(4, 31, 2, 2), normal(31), normal(31));
        add(Op.BatchNorm.class, "batchNorm2d", normalised, normal(2, 1, 8, 8), normal(1), normal(1));
        add(Op.BatchNorm.class, "batchNorm2d", normalised, normal(9, 65), normal(65), normal(65));
        Formula rectified = x -> x[0].batchNorm2dRelu(x[1].scale(0.2f), apart(x[2]), EPSILON, (mean, variance) -> {});
        add(Op.BatchNorm.class, "batchNorm2dRelu", rectified, normal(3, 4, 5, 5), normal(4), normal(4));
        add(Op.BatchNorm.class, "batchNorm2dRelu", rectified, normal(2, 3, 7, 3), normal(3), normal(3));
        Formula mirrored = x -> x[0].syncBatchNorm2d(x[1], x[2], EPSILON, OpCases::twice, (mean, variance, n) -> {});
        add(Op.SyncBatchNorm.class, "syncBatchNorm2d", mirrored, normal(3, 4, 5, 5), normal(4), normal(4));
        add(Op.SyncBatchNorm.class, "syncBatchNorm2d", mirrored, normal(9, 65), normal(65), normal(65));
    }

    /** A vector far above and far below 0 by turns, so that what it shifts crosses no kink. */
    private static Tensor apart(Tensor x) {
        float[] shifts = new float[x.dim(0)];
        for (int i = 0; i < shifts.length; i++) {
            shifts[i] = i % 2 == 0 ? 9 : -9;
        }
        return x.add(Tensor.constant(NdArray.of(x.value().backend(), x.shape(), shifts)));
    }

    /** A batch whose other part is the same as this one. */
    private static float[] twice(float... own) {
        float[] both = Arrays.copyOf(own, 2 * own.length);
        System.arraycopy(own, 0, both, own.length, own.length);
        return both;
    }
}
