package org.safeclip.opencl;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;

/**
 * Matrix products on GPUs, {@code matmul_gpu.cl}: by large or by small blocks and with as many slices of k as take the
 * least time by {@link GemmPlan}.
 */
final class GpuMatMul implements MatMul {
    /** Multiplications that a GPU does while it moves a float: 15 to 20 operations for a byte, as on many. */
    private static final int MOVED = 32;

    private final Queue queue;
    private final Tile large;
    private final Tile small;
    private final Map<MatMulShape, Choice> choices = new HashMap<>(); // a training step asks for the same ones again

    GpuMatMul(Queue queue) {
        this.queue = queue;
        this.large = Tile.of(queue, queue.tileSizes().gpuLarge());
        this.small = Tile.of(queue, queue.tileSizes().gpuSmall());
    }

    /** Sizes and the options by which they are compiled. */
    private record Tile(GemmTileSizes.Gpu sizes, String options) {
        static Tile of(Queue queue, GemmTileSizes.Gpu sizes) {
            int groups = Math.min(2, sizes.groupsOfUnit());
            return new Tile(sizes, sizes.options() + PtxEdit.groups(queue.device(), groups));
        }
    }

    /** How products of one shape are computed. */
    private record Choice(Tile tile, SplitK split) {}

    @Override
    public void matmul(
            MatMulShape s, Storage a, Storage b, @Nullable Storage bias, @Nullable Storage residual, Storage y) {
        Choice choice = choices.computeIfAbsent(s, this::choose);
        Tile tile = choice.tile();
        SplitK split = choice.split();
        if (split.count() == 1) {
            product(s, tile, split, a, b, bias, residual, y);
        } else {
            split.add(queue, s, bias, residual, y, parts -> product(s, tile, split, a, b, null, null, parts));
        }
    }

    private Choice choose(MatMulShape s) {
        GemmPlan byLarge = plan(s, large.sizes());
        GemmPlan bySmall = plan(s, small.sizes());
        return byLarge.time() / large.sizes().efficiency()
                        <= bySmall.time() / small.sizes().efficiency()
                ? new Choice(large, byLarge.split())
                : new Choice(small, bySmall.split());
    }

    private GemmPlan plan(MatMulShape s, GemmTileSizes.Gpu sizes) {
        long atOnce = (long) queue.device().units() * sizes.groupsOfUnit();
        return GemmPlan.of(s, sizes.blockRows(), sizes.blockCols(), atOnce, sizes.blockDepth(), MOVED);
    }

    private void product(
            MatMulShape s,
            Tile tile,
            SplitK split,
            Storage a,
            Storage b,
            @Nullable Storage bias,
            @Nullable Storage residual,
            Storage y) {
        long groups = tile.sizes().blocks(s) * split.count();
        int items = tile.sizes().items();
        queue.launch("matmul_gpu", tile.options(), "matmul")
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
                .run(new long[] {groups * items}, new long[] {items});
    }
}
