package org.safeclip.tensor.check;

import static org.safeclip.tensor.check.OpCases.ids;
import static org.safeclip.tensor.check.OpCases.normal;

import java.util.Arrays;
import java.util.List;
import org.safeclip.tensor.Op;
import org.safeclip.tensor.backend.Unary;
import org.safeclip.tensor.check.OpCase.Formula;
import org.safeclip.tensor.check.OpCase.Input;

/**
 * Cases large enough to be cut among threads or work-groups, for comparing backends; a gradient check would take long.
 */
final class LargeOpCases {
    private static final float EPSILON = 1e-5f;

    private LargeOpCases() {}

    static List<OpCase> all() {
        return List.of(
                large(Op.MatMul.class, "matmul", x -> x[0].matmul(x[1]), normal(257, 130), normal(130, 190)),
                large(
                        Op.MatMul.class,
                        "matmulTransposed",
                        x -> x[0].matmulTransposed(x[1]),
                        normal(190, 300),
                        normal(129, 300)),
                large(
                        Op.MatMul.class,
                        "transposedMatmul",
                        x -> x[0].transposedMatmul(x[1]),
                        normal(300, 131),
                        normal(300, 190)),
                large(Op.MatMul.class, "matmul", x -> x[0].matmul(x[1]), normal(50, 33, 40), normal(50, 40, 65)),
                large(
                        Op.Linear.class,
                        "linear",
                        x -> x[0].linear(x[1], x[2]),
                        normal(7, 65, 129),
                        normal(257, 129),
                        normal(257)),
                large(
                        Op.LinearAdd.class,
                        "linearAdd",
                        x -> x[1].linearAdd(x[2], x[3], x[0]),
                        normal(455, 257),
                        normal(455, 129),
                        normal(257, 129),
                        normal(257)),
                large(
                        Op.Mlp.class,
                        "mlpAdd",
                        x -> x[1].mlpAdd(Unary.QUICK_GELU, x[2], x[3], x[4], x[5], x[0]),
                        normal(3, 155, 65),
                        normal(3, 155, 65),
                        normal(259, 65),
                        normal(259),
                        normal(65, 259),
                        normal(65)),
                large(Op.Apply.class, "gelu", x -> x[0].gelu(), normal(200_001)),
                large(Op.Apply.class, "quickGelu", x -> x[0].quickGelu(), normal(200_001)),
                large(Op.Apply.class, "exp", x -> x[0].exp(), normal(200_001)),
                large(Op.Add.class, "add", x -> x[0].add(x[1]), normal(1001, 403), normal(403)),
                large(Op.Mul.class, "mul", x -> x[0].mul(x[1]), normal(1001, 403), normal(1001, 1)),
                large(Op.Sum.class, "sum", x -> x[0].sum(), normal(300_007)),
                large(Op.Sum.class, "sum of columns", x -> x[0].sum(0), normal(1001, 403)),
                large(Op.Sum.class, "sum of rows", x -> x[0].sum(1), normal(1001, 403)),
                large(Op.Permute.class, "permute(0, 2, 1, 3)", x -> x[0].permute(0, 2, 1, 3), normal(20, 33, 40, 15)),
                large(
                        Op.GatherRows.class,
                        "gatherRows",
                        x -> x[0].gatherRows(ids(x[0], scattered()), 5000),
                        normal(301, 65)),
                large(Op.Unfold.class, "unfold(3, 1, 1)", x -> x[0].unfold(3, 1, 1), normal(4, 8, 33, 31)),
                large(
                        Op.Convolve.class,
                        "conv2d(3, 1, 1)",
                        x -> x[0].conv2d(x[1], null, 1, 1),
                        normal(20, 2, 29, 31),
                        normal(130, 2, 3, 3)),
                large(
                        Op.Convolve.class,
                        "conv2d(1, 1, 0)",
                        x -> x[0].conv2d(x[1], null, 1, 0),
                        normal(20, 3, 29, 31),
                        normal(130, 3, 1, 1)),
                large(Op.Softmax.class, "softmax", x -> x[0].softmax(), normal(501, 403)),
                large(
                        Op.LayerNorm.class,
                        "layerNorm",
                        x -> x[0].layerNorm(x[1], x[2], EPSILON),
                        normal(501, 403),
                        normal(403),
                        normal(403)),
                large(
                        Op.BatchNorm.class,
                        "batchNorm2d",
                        x -> x[0].batchNorm2d(x[1], x[2], EPSILON, (mean, variance) -> {}),
                        normal(8, 17, 32, 31),
                        normal(17),
                        normal(17)),
                large(
                        Op.BatchNorm.class,
                        "batchNorm2dRelu",
                        x -> x[0].batchNorm2dRelu(x[1], x[2], EPSILON, (mean, variance) -> {}),
                        normal(70, 33, 7, 7),
                        normal(33),
                        normal(33)),
                large(Op.L2Normalize.class, "l2Normalize", x -> x[0].l2Normalize(1e-12f), normal(501, 403)),
                large(
                        Op.CrossEntropy.class,
                        "crossEntropy",
                        x -> x[0].crossEntropy(ids(x[0], Arrays.copyOf(scattered(), 501))),
                        normal(501, 403)),
                large(Op.Attention.class, "attention", x -> x[0].attention(4, false), normal(6, 65, 3 * 4 * 32)),
                large(Op.Attention.class, "causal attention", x -> x[0].attention(4, true), normal(6, 77, 3 * 4 * 16)));
    }

    /** 5000 numbers below 301, in no order and each many times. */
    private static int[] scattered() {
        int[] rows = new int[5000];
        Arrays.setAll(rows, i -> i * 7919 % 301);
        return rows;
    }

    private static OpCase large(Class<? extends Op> op, String name, Formula formula, Input... inputs) {
        String shapes = String.join(
                " ", Arrays.stream(inputs).map(x -> x.shape().toString()).toList());
        return new OpCase("large " + name + " " + shapes, op, List.of(inputs), formula);
    }
}
