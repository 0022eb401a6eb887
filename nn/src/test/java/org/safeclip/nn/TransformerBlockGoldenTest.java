package org.safeclip.nn;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.golden.Golden;
import org.safeclip.golden.GoldenAttributes;
import org.safeclip.golden.GoldenCase;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

class TransformerBlockGoldenTest {
    @TestFactory
    Stream<DynamicTest> valueAndGradientsAreThoseOfPyTorch() {
        return Golden.tests("transformer_block").check(List.of("scalar"), TransformerBlockGoldenTest::check);
    }

    private static void check(GoldenCase golden, Backend backend) {
        GoldenAttributes attrs = golden.attrs();
        Activation activation = switch (attrs.text("act")) {
            case "gelu" -> Activation.GELU;
            case "quick_gelu" -> Activation.QUICK_GELU;
            default -> throw new AssertionError("no activation " + attrs.text("act"));
        };
        TransformerBlock block = TransformerBlock.stack(
                        1,
                        attrs.integer("width"),
                        attrs.integer("heads"),
                        attrs.flag("causal"),
                        activation,
                        backend,
                        new Random(1))
                .getFirst();
        for (Parameter parameter : block.parameters()) {
            parameter.tensor().value().set(golden.f32("params", parameter.name()));
        }
        Tensor x = Tensor.parameter(golden.array(backend, "inputs", "x"));

        Tensor y = block.apply(x);
        Gradients gradients = y.backward(golden.array(backend, "dy", "y"));

        golden.assertClose("outputs", "y", y.value());
        golden.assertClose("grads", "x", gradients.of(x));
        for (Parameter parameter : block.parameters()) {
            golden.assertClose("param_grads", parameter.name(), gradients.of(parameter.tensor()));
        }
    }
}
