package org.safeclip.opencl;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;

/**
 * Matrix products on GPUs, {@code matmul_gpu.cl}: by large blocks where there are enough of them to keep every compute unit
 * busy, else by small ones, and with k cut where even those are few.
 */
final class GpuMatMul implements MatMul {
    private final Queue queue;
    private final HeavySizes.Gpu large;
    private final HeavySizes.Gpu small;

    GpuMatMul(Queue queue) {
        this.queue = queue;
        this.large = queue.heavySizes().gpuLarge();
        this.small = queue.heavySizes().gpuSmall();
    }

    @Override
    public void matmul(
            MatMulShape s, Storage a, Storage b, @Nullable Storage bias, @Nullable Storage residual, Storage y) {
        int units = queue.device().units();
        HeavySizes.Gpu sizes = large.blocks(s) >= 2L * units ? large : small;
        KSlices slices =
                s.batch() > 1 ? uncut(s, sizes) : KSlices.of(s, sizes.blocks(s), 2L * units, sizes.blockDepth());
        if (slices.count() == 1) {
            product(s, sizes, slices, a, b, bias, residual, y);
        } else {
            slices.add(queue, s, bias, residual, y, parts -> product(s, sizes, slices, a, b, null, null, parts));
        }
    }

    private static KSlices uncut(MatMulShape s, HeavySizes.Gpu sizes) {
        return new KSlices(1, (int) (Cut.ceil(Math.max(1, s.k()), sizes.blockDepth()) * sizes.blockDepth()));
    }

    private void product(
            MatMulShape s,
            HeavySizes.Gpu sizes,
            KSlices slices,
            Storage a,
            Storage b,
            @Nullable Storage bias,
            @Nullable Storage residual,
            Storage y) {
        long groups = sizes.blocks(s) * slices.count();
        queue.launch("matmul_gpu", sizes.options(), "matmul")
                .with(s.m())
                .with(s.n())
                .with(s.k())
                .with(slices.length())
                .with(s.transposeA() ? 0 : 1)
                .with(s.transposeB() ? 1 : 0)
                .with(a)
                .with(b)
                .with(bias)
                .with(residual)
                .with(y)
                .run(new long[] {groups * sizes.items()}, new long[] {sizes.items()});
    }
}
