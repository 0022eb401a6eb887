package org.safeclip.bench;

import org.openjdk.jmh.annotations.Param;

/** AdamW over a flat block of parameters. */
public class OptimiserBench extends KernelBench {
    /** The model whose number of parameters it is, roughly. */
    @Param({"small", "base"})
    public String shape = "small";

    /** Used by JMH. */
    public OptimiserBench() {}

    @Override
    protected KernelCase chosen() {
        return KernelCases.adamW(shape);
    }
}
