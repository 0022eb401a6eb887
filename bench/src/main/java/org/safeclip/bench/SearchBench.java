package org.safeclip.bench;

/** Benchmark of nearest neighbours in a pool by dot product. */
public class SearchBench extends KernelBench {
    /** For JMH. */
    public SearchBench() {}

    @Override
    protected KernelCase chosen() {
        return KernelCases.nearest();
    }
}
