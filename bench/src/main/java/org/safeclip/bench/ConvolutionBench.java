package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** Benchmark of the kernels of a convolution besides the matrix product, and of batch norm. */
public class ConvolutionBench extends KernelBench {
    /** Kernel to measure. */
    @Param({"unfold", "fold", "batchNorm"})
    public String kernel = "unfold";

    /** Sizes, named after their place in a model. */
    @Param({"patches", "resnetStem", "resnetBody"})
    public String shape = "patches";

    /** For JMH. */
    public ConvolutionBench() {}

    @Override
    protected KernelCase chosen() {
        return kernel.equals("batchNorm") ? KernelCases.batchNorm(shape) : KernelCases.windows(kernel, shape);
    }
}
