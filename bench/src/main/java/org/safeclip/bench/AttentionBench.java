package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** Benchmark of fused self-attention. */
public class AttentionBench extends KernelBench {
    /** Forward or backward pass. */
    @Param({"forward", "gradient"})
    public String direction = "forward";

    /** Model sizes; the last two are causal. */
    @Param({"small", "base", "captions", "clip77"})
    public String shape = "small";

    /** For JMH. */
    public AttentionBench() {}

    @Override
    protected KernelCase chosen() {
        return KernelCases.attention(direction, shape);
    }
}
