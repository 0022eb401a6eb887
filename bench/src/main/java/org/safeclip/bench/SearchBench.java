package org.safeclip.bench;

/** Nearest neighbours in a pool: products and the largest of each row. */
public class SearchBench extends KernelBench {
    /** Used by JMH. */
    public SearchBench() {}

    @Override
    protected KernelCase chosen() {
        return KernelCases.nearest();
    }
}
