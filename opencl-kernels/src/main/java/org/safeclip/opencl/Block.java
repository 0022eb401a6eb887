package org.safeclip.opencl;

import org.jocl.cl_mem;

/**
 * A block of device memory.
 *
 * @param memory its handle
 * @param size capacity in numbers of four bytes
 */
record Block(cl_mem memory, int size) {}
