package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** Benchmark of row-wise kernels. */
public class RowsBench extends KernelBench {
    /** Kernel to measure. */
    @Param({"softmax", "softmaxGradient", "layerNorm", "layerNormGradient", "l2Normalize", "crossEntropy"})
    public String kernel = "softmax";

    /** Sizes, named after their place in a model. */
    @Param({"scores17", "scores65", "tokens", "logits"})
    public String shape = "scores17";

    /** For JMH. */
    public RowsBench() {}

    @Override
    protected KernelCase chosen() {
        return KernelCases.rows(kernel, shape);
    }
}
