package org.safeclip.opencl;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;

/**
 * Matrix products on GPUs, {@code matmul_gpu.cl}: by large blocks where there are enough of them to keep every compute
 * unit busy, else by small ones, with split k where even those are few.
 */
final class GpuMatMul implements MatMul {
    private final Queue queue;
    private final GemmTileSizes.Gpu large;
    private final GemmTileSizes.Gpu small;

    GpuMatMul(Queue queue) {
        this.queue = queue;
        this.large = queue.tileSizes().gpuLarge();
        this.small = queue.tileSizes().gpuSmall();
    }

    @Override
    public void matmul(
            MatMulShape s, Storage a, Storage b, @Nullable Storage bias, @Nullable Storage residual, Storage y) {
        int units = queue.device().units();
        GemmTileSizes.Gpu sizes = large.blocks(s) >= 2L * units ? large : small;
        SplitK split = s.batch() > 1 ? uncut(s, sizes) : SplitK.of(s, sizes.blocks(s), 2L * units, sizes.blockDepth());
        if (split.count() == 1) {
            product(s, sizes, split, a, b, bias, residual, y);
        } else {
            split.add(queue, s, bias, residual, y, parts -> product(s, sizes, split, a, b, null, null, parts));
        }
    }

    private static SplitK uncut(MatMulShape s, GemmTileSizes.Gpu sizes) {
        return new SplitK(1, (int) (LaunchGeometry.ceil(Math.max(1, s.k()), sizes.blockDepth()) * sizes.blockDepth()));
    }

    private void product(
            MatMulShape s,
            GemmTileSizes.Gpu sizes,
            SplitK split,
            Storage a,
            Storage b,
            @Nullable Storage bias,
            @Nullable Storage residual,
            Storage y) {
        long groups = sizes.blocks(s) * split.count();
        queue.launch("matmul_gpu", sizes.options(), "matmul")
                .with(s.m())
                .with(s.n())
                .with(s.k())
                .with(split.length())
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
