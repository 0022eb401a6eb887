package org.safeclip.opencl;

/** Memory in a block of the pool until its scope closes. */
interface Pooled {
    /** Detaches and returns the block; later use throws. */
    Block release();
}
