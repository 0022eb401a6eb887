package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** Benchmark of elementwise functions of one and two operands. */
public class ElementwiseBench extends KernelBench {
    /** Function to measure. */
    @Param({"exp", "tanh", "gelu", "quick_gelu", "add", "gelu_gradient"})
    public String kernel = "exp";

    /** Sizes, named after their place in a model. */
    @Param({"tokens", "mlpUp"})
    public String shape = "tokens";

    /** For JMH. */
    public ElementwiseBench() {}

    @Override
    protected KernelCase chosen() {
        return KernelCases.elementwise(kernel, shape);
    }
}
