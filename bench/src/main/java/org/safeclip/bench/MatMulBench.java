package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** Matrix products, and the linear map with bias that layers ask for. */
public class MatMulBench extends KernelBench {
    /** Which operands are stored transposed; or a linear map. */
    @Param({"NN", "NT", "TN", "linear"})
    public String form = "NN";

    /** The place in a model. */
    @Param({"attention", "mlpUp", "mlpDown", "logits", "patches", "resnetStem", "square512"})
    public String shape = "attention";

    /** Used by JMH. */
    public MatMulBench() {}

    @Override
    protected KernelCase chosen() {
        return form.equals("linear") ? KernelCases.linear(shape) : KernelCases.matmul(form, shape);
    }
}
