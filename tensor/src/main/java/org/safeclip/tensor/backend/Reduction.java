package org.safeclip.tensor.backend;

/** How {@link Kernels#reduce} combines elements. */
public enum Reduction {
    /** Sum. */
    SUM,
    /** Maximum. */
    MAX
}
