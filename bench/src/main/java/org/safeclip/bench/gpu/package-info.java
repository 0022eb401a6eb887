/**
 * Training steps and kernels of one OpenCL device compared with PyTorch on the same card; {@code bench/gpu.sh} starts
 * {@link org.safeclip.bench.gpu.GpuBenchmark}.
 */
@NullMarked
package org.safeclip.bench.gpu;

import org.jspecify.annotations.NullMarked;
