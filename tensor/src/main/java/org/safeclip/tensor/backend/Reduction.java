package org.safeclip.tensor.backend;

/** How {@link Kernels#reduce} makes one number of many. */
public enum Reduction {
    /** The sum. */
    SUM,
    /** The largest. */
    MAX
}
