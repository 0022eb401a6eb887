package org.safeclip.opencl;

/** Something that lies in a block of the pool until its scope closes. */
interface Pooled {
    /** Gives the block up; every later use throws. */
    Block release();
}
