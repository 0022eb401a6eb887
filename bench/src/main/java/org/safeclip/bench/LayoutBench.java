package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** Benchmark of data movement: permuted heads, embedding lookup and its gradient. */
public class LayoutBench extends KernelBench {
    /** Kernel to measure. */
    @Param({"permute", "gatherRows", "scatterAddRows"})
    public String kernel = "permute";

    /** For JMH. */
    public LayoutBench() {}

    @Override
    protected KernelCase chosen() {
        return KernelCases.layout(kernel);
    }
}
