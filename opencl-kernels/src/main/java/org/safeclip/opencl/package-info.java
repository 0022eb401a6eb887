/**
 * The OpenCL backend. No module requires this one: it is found as a service.
 *
 * <p>Decisions that hold for every file of this package:
 *
 * <ul>
 *   <li>OpenCL C 1.2 and nothing optional, but for products of less than float32: {@link
 *       org.safeclip.opencl.TensorCores} tries them on a device before they are used, and {@link
 *       org.safeclip.opencl.PtxEdit} says what they need. {@code org.jocl} is imported in
 *       this package only.
 *   <li>The kernels stand in {@code *.cl} files beside this package, each compiled as {@code common.cl} followed by
 *       itself. The kernel of an enum constant is named after method and constant in lower case, {@code map_exp},
 *       {@code zip_add}, {@code sum_rows}: the name alone would be taken, since {@code exp} is a function of OpenCL C.
 *   <li>For the plain kernels one source serves CPU drivers and GPUs: a work-group of {@code LANES} work-items, {@code
 *       ROW_LANES} of them sharing a row, each taking {@code V} numbers at a time; with one lane there is no barrier and
 *       no local memory. {@link org.safeclip.opencl.LaunchGeometry} chooses the three. Products and attention have a
 *       source for each ({@code matmul_cpu.cl}, {@code matmul_gpu.cl}, ...), {@code convolution.cl} is for GPUs alone.
 *       {@link org.safeclip.opencl.Family} says which.
 *   <li>Shapes come as arguments, so that few variants are compiled; the sizes of the compute-bound kernels are macros,
 *       chosen for the device by {@link org.safeclip.opencl.GemmTileSizes} or by {@link org.safeclip.opencl.Tuner}.
 *   <li>One queue, in order; every kernel enqueues and returns. The host waits where a number is read, and nowhere
 *       else.
 *   <li>A launch costs the host about ten microseconds, whatever it does, and so does each argument that changed by a
 *       tenth: {@link org.safeclip.opencl.AdamWBatch} and {@link org.safeclip.opencl.LateSums} put many small kernels
 *       into one launch, {@link org.safeclip.opencl.Binding} keeps arguments from step to step, and {@link
 *       org.safeclip.opencl.Staging} uploads without waiting.
 *   <li>Every handle of the driver is owned by an {@code AutoCloseable} and counted in {@link
 *       org.safeclip.opencl.Handles}.
 *   <li>A status that is no success becomes an {@link org.safeclip.opencl.OpenClException} that says what was tried.
 * </ul>
 */
@NullMarked
package org.safeclip.opencl;

import org.jspecify.annotations.NullMarked;
