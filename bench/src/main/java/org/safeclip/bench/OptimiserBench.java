package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** Benchmark of AdamW over a flat block of parameters. */
public class OptimiserBench extends KernelBench {
    /** Model with roughly this number of parameters. */
    @Param({"small", "base"})
    public String shape = "small";

    /** For JMH. */
    public OptimiserBench() {}

    @Override
    protected KernelCase chosen() {
        return KernelCases.adamW(shape);
    }
}
