package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** Numbers that only move: heads brought together, words looked up, their gradients added. */
public class LayoutBench extends KernelBench {
    /** The kernel. */
    @Param({"permute", "gatherRows", "scatterAddRows"})
    public String kernel = "permute";

    /** Used by JMH. */
    public LayoutBench() {}

    @Override
    protected KernelCase chosen() {
        return KernelCases.layout(kernel);
    }
}
