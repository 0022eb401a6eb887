package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** Attention, fused for every head. */
public class AttentionBench extends KernelBench {
    /** Forward, or its pull-back. */
    @Param({"forward", "gradient"})
    public String direction = "forward";

    /** The model; the last two are causal. */
    @Param({"small", "base", "captions", "clip77"})
    public String shape = "small";

    /** Used by JMH. */
    public AttentionBench() {}

    @Override
    protected KernelCase chosen() {
        return KernelCases.attention(direction, shape);
    }
}
