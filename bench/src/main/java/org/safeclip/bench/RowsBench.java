package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** What is done to every row of a matrix. */
public class RowsBench extends KernelBench {
    /** What is done. */
    @Param({"softmax", "softmaxGradient", "layerNorm", "layerNormGradient", "l2Normalize", "crossEntropy"})
    public String kernel = "softmax";

    /** The place in a model. */
    @Param({"scores17", "scores65", "tokens", "logits"})
    public String shape = "scores17";

    /** Used by JMH. */
    public RowsBench() {}

    @Override
    protected KernelCase chosen() {
        return KernelCases.rows(kernel, shape);
    }
}
