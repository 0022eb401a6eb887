package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** Functions of one number and of two. */
public class ElementwiseBench extends KernelBench {
    /** The function. */
    @Param({"exp", "tanh", "gelu", "quick_gelu", "add", "gelu_gradient"})
    public String kernel = "exp";

    /** The place in a model. */
    @Param({"tokens", "mlpUp"})
    public String shape = "tokens";

    /** Used by JMH. */
    public ElementwiseBench() {}

    @Override
    protected KernelCase chosen() {
        return KernelCases.elementwise(kernel, shape);
    }
}
