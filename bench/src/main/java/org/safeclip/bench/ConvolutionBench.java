package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** Benchmark of convolution, its gradients, the layout of its windows, and batch norm. */
public class ConvolutionBench extends KernelBench {
    /** Kernel to measure. */
    @Param({"convolve", "convolveInputGradient", "convolveWeightGradient", "unfold", "fold", "batchNorm"})
    public String kernel = "convolve";

    /** Sizes, named after their place in a model. */
    @Param({"patches", "resnetStem", "resnetBody"})
    public String shape = "patches";

    /** For JMH. */
    public ConvolutionBench() {}

    @Override
    protected KernelCase chosen() {
        return switch (kernel) {
            case "batchNorm" -> KernelCases.batchNorm(shape);
            case "unfold", "fold" -> KernelCases.windows(kernel, shape);
            default -> KernelCases.convolution(kernel, shape);
        };
    }
}
