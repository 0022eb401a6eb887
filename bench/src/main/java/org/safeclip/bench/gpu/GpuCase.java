package org.safeclip.bench.gpu;

import org.safeclip.bench.Inputs;
import org.safeclip.bench.KernelCase;
import org.safeclip.tensor.backend.Backend;

/**
 * One kernel at a size of its own.
 *
 * @param order the kernel and its sizes in words, which {@code torch_gpu.py} reads: {@code attention 256 50 12 64 full}
 * @param timed the case at that size
 * @param small the same kernel at a size that the scalar backend can verify
 */
record GpuCase(String order, KernelCase timed, KernelCase small) {
    /** Operands of the timed case, after the small one gave the scalar result. */
    KernelCase.Ready proved(Backend backend) {
        small.proved(backend);
        return timed.setting().apply(new Inputs(backend));
    }
}
