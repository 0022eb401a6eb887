package org.safeclip.tensor.backend;

/** How {@link Kernels#reduce} makes one number of many. */
public enum Fold {
    /** The sum. */
    SUM,
    /** The largest. */
    MAX
}
