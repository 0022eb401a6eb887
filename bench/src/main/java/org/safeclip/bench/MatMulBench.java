package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** Benchmark of matrix products and of the linear layer. */
public class MatMulBench extends KernelBench {
    /** Which operands are stored transposed, or a linear layer. */
    @Param({"NN", "NT", "TN", "linear"})
    public String form = "NN";

    /** Sizes, named after their place in a model. */
    @Param({"attention", "mlpUp", "mlpDown", "logits", "patches", "resnetStem", "square512"})
    public String shape = "attention";

    /** For JMH. */
    public MatMulBench() {}

    @Override
    protected KernelCase chosen() {
        return form.equals("linear") ? KernelCases.linear(shape) : KernelCases.matmul(form, shape);
    }
}
