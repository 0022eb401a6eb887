package org.safeclip.opencl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;

/**
 * Matrix products on GPUs, {@code matmul_gpu.cl}: by blocks of one of four sizes and with as many slices of k as take
 * the least time by {@link GemmPlan}.
 */
final class GpuMatMul implements MatMul {
    /** Multiplications that a GPU does while it moves a float: 15 to 20 operations for a byte, as on many. */
    private static final int MOVED = 32;

    private final Queue queue;
    private final List<Tile> tiles;
    private final Map<MatMulShape, Choice> choices = new HashMap<>(); // a training step asks for the same ones again

    GpuMatMul(Queue queue) {
        this.queue = queue;
        GemmTileSizes.Gpu large = queue.tileSizes().gpuLarge();
        this.tiles = Stream.of(
                        large,
                        large.halfRows(),
                        large.halfCols(),
                        queue.tileSizes().gpuSmall())
                .distinct()
                .map(sizes -> Tile.of(queue, sizes))
                .toList();
    }

    /** Sizes and the options by which they are compiled. */
    private record Tile(GemmTileSizes.Gpu sizes, String options) {
        static Tile of(Queue queue, GemmTileSizes.Gpu sizes) {
            // so many groups that each work-item has 128 registers
            int groups = Math.min(sizes.groupsOfUnit(), Math.max(1, 512 / sizes.items()));
            return new Tile(sizes, sizes.options() + PtxEdit.groups(queue.device(), groups));
        }
    }

    /** How products of one shape are computed. */
    private record Choice(Tile tile, SplitK split, String options) {}

    @Override
    public void matmul(
            MatMulShape s, Storage a, Storage b, @Nullable Storage bias, @Nullable Storage residual, Storage y) {
        Choice choice = choices.computeIfAbsent(s, this::choose);
        SplitK split = choice.split();
        if (split.count() == 1) {
            product(s, choice, a, b, bias, residual, y);
        } else {
            split.add(queue, s, bias, residual, y, parts -> product(s, choice, a, b, null, null, parts));
        }
    }

    private Choice choose(MatMulShape s) {
        Tile best = tiles.getFirst();
        GemmPlan plan = plan(s, best.sizes());
        for (Tile tile : tiles.subList(1, tiles.size())) {
            GemmPlan other = plan(s, tile.sizes());
            if (other.time() / tile.sizes().uses() < plan.time() / best.sizes().uses()) {
                best = tile;
                plan = other;
            }
        }
        String layouts = " -DA_ALONG=" + (s.transposeA() ? 0 : 1) + " -DB_ALONG=" + (s.transposeB() ? 1 : 0);
        return new Choice(best, plan.split(), best.options() + layouts);
    }

    private GemmPlan plan(MatMulShape s, GemmTileSizes.Gpu sizes) {
        long atOnce = (long) queue.device().units() * sizes.groupsOfUnit();
        return GemmPlan.of(s, sizes.blockRows(), sizes.blockCols(), atOnce, sizes.blockDepth(), MOVED);
    }

    private void product(
            MatMulShape s,
            Choice choice,
            Storage a,
            Storage b,
            @Nullable Storage bias,
            @Nullable Storage residual,
            Storage y) {
        GemmTileSizes.Gpu sizes = choice.tile().sizes();
        long groups = sizes.blocks(s) * choice.split().count();
        int items = sizes.items();
        queue.launch("matmul_gpu", choice.options(), "matmul")
                .with(s.m())
                .with(s.n())
                .with(s.k())
                .with(choice.split().length())
                .with(a)
                .with(b)
                .with(bias)
                .with(residual)
                .with(y)
                .run(new long[] {groups * items}, new long[] {items});
    }
}
