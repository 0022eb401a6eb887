package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** What a convolution is made of besides a linear map, and the batch norm behind it. */
public class ConvolutionBench extends KernelBench {
    /** The kernel. */
    @Param({"unfold", "fold", "batchNorm"})
    public String kernel = "unfold";

    /** The place in a model. */
    @Param({"patches", "resnetStem", "resnetBody"})
    public String shape = "patches";

    /** Used by JMH. */
    public ConvolutionBench() {}

    @Override
    protected KernelCase chosen() {
        return kernel.equals("batchNorm") ? KernelCases.batchNorm(shape) : KernelCases.windows(kernel, shape);
    }
}
