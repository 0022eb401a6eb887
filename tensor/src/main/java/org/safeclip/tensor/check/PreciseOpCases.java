package org.safeclip.tensor.check;

import static org.safeclip.tensor.check.OpCases.normal;

import java.util.ArrayList;
import java.util.List;
import org.safeclip.tensor.Op;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Precision;
import org.safeclip.tensor.backend.Unary;
import org.safeclip.tensor.check.BackendChecks.Check;
import org.safeclip.tensor.check.OpCase.Formula;
import org.safeclip.tensor.check.OpCase.Input;

/** Matrix products large enough for the units that compute in less than float32, and of sizes that fit no block of them. */
final class PreciseOpCases {
    private PreciseOpCases() {}

    /**
     * A case and its depth.
     *
     * @param products how many products may follow one another on the way to a number
     */
    private record Deep(int products, OpCase opCase) {}

    static List<Check> checks(Precision precision, Backend tested, Backend reference) {
        List<Check> checks = new ArrayList<>();
        for (Deep each : all()) {
            OpCase opCase = each.opCase();
            checks.add(new Check(
                    "agreement of " + opCase + " in " + precision,
                    () -> AgreementCheck.run(opCase, precision, each.products(), tested, reference)));
            checks.add(new Check(
                    "same bits, " + opCase + " in " + precision,
                    () -> AgreementCheck.repeat(opCase, precision, tested)));
        }
        return checks;
    }

    private static List<Deep> all() {
        return List.of(
                deep(1, Op.MatMul.class, "matmul", x -> x[0].matmul(x[1]), normal(661, 635), normal(635, 650)),
                deep(1, Op.MatMul.class, "matmul", x -> x[0].matmul(x[1]), normal(70, 191, 140), normal(70, 140, 145)),
                deep(
                        1,
                        Op.MatMul.class,
                        "matmulTransposed",
                        x -> x[0].matmulTransposed(x[1]),
                        normal(1050, 512),
                        normal(513, 512)),
                deep(
                        1,
                        Op.MatMul.class,
                        "transposedMatmul",
                        x -> x[0].transposedMatmul(x[1]),
                        normal(8100, 180),
                        normal(8100, 190)),
                deep(
                        1,
                        Op.Linear.class,
                        "linear",
                        x -> x[0].linear(x[1], x[2]),
                        normal(18, 130, 258),
                        normal(449, 258),
                        normal(449)),
                deep(
                        1,
                        Op.LinearAdd.class,
                        "linearAdd",
                        x -> x[1].linearAdd(x[2], x[3], x[0]),
                        normal(2340, 447),
                        normal(2340, 258),
                        normal(447, 258),
                        normal(447)),
                deep(
                        3,
                        Op.Mlp.class,
                        "mlpAdd",
                        x -> x[1].mlpAdd(Unary.GELU, x[2], x[3], x[4], x[5], x[0]),
                        normal(2050, 256),
                        normal(2050, 256),
                        normal(520, 256),
                        normal(520),
                        normal(256, 520),
                        normal(256)));
    }

    private static Deep deep(int products, Class<? extends Op> op, String name, Formula formula, Input... inputs) {
        String shapes = String.join(
                " ", List.of(inputs).stream().map(x -> x.shape().toString()).toList());
        return new Deep(products, new OpCase("large " + name + " " + shapes, op, List.of(inputs), formula));
    }
}
