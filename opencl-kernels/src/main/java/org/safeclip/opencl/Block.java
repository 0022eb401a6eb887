package org.safeclip.opencl;

import org.jocl.cl_mem;

/**
 * Memory of a device.
 *
 * @param memory its handle
 * @param size how many numbers of four bytes it holds
 */
record Block(cl_mem memory, int size) {}
