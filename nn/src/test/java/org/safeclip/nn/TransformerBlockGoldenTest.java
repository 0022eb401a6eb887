package org.safeclip.nn;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.nn.io.Golden;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

class TransformerBlockGoldenTest {
    static List<Golden.Case> cases() {
        return Golden.cases("transformer_block");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void valueAndGradientsAreThoseOfPyTorch(Golden.Case golden) throws Exception {
        try (Backend backend = Backends.open("scalar")) {
            Map<String, Object> attributes = golden.attributes();
            int width = (int) golden.number("width");
            Activation activation = attributes.get("act").equals("gelu") ? Activation.GELU : Activation.QUICK_GELU;
            boolean causal = (Boolean) attributes.get("causal");
            TransformerBlock block = TransformerBlock.stack(
                            1,
                            width,
                            (int) golden.number("heads"),
                            causal,
                            activation,
                            backend,
                            new java.util.Random(1))
                    .getFirst();
            for (Parameter parameter : block.parameters()) {
                NdArray given = golden.array(backend, "params", parameter.name());
                parameter.tensor().value().set(given.toArray());
            }
            Tensor x = Tensor.parameter(golden.array(backend, "inputs", "x"));

            Tensor y = block.apply(x);
            Gradients gradients = y.backward(golden.array(backend, "dy", "y"));

            golden.assertClose("outputs", "y", y.value().toArray());
            golden.assertClose("grads", "x", gradients.of(x).toArray());
            for (Parameter parameter : block.parameters()) {
                golden.assertClose(
                        "param_grads",
                        parameter.name(),
                        gradients.of(parameter.tensor()).toArray());
            }
        }
    }
}
