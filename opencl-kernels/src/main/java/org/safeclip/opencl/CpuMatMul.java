package org.safeclip.opencl;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;

/**
 * Matrix products on CPU drivers, {@code matmul_cpu.cl}: op(b) is packed, then multiplied by groups of one work-item.
 */
final class CpuMatMul implements MatMul {
    private static final int PACKED_STEPS = 64; // STEPS of the source
    private static final int ROW_BLOCKS = 16; // of a work-item: enough to be worth a call
    private static final int PANELS = 8; // of a work-item: more copies of a cost more than what they save
    private static final int ITEMS_PER_UNIT = 4;
    private static final long[] ALONE = {1, 1, 1};

    private final Queue queue;
    private final GemmTileSizes.Cpu sizes;

    CpuMatMul(Queue queue) {
        this.queue = queue;
        this.sizes = queue.tileSizes().cpu();
    }

    @Override
    public void matmul(
            MatMulShape s, Storage a, Storage b, @Nullable Storage bias, @Nullable Storage residual, Storage y) {
        if (s.batch() == 0 || s.m() == 0 || s.n() == 0) {
            return;
        }
        int panels = (int) LaunchGeometry.ceil(s.n(), sizes.panel());
        long tiles = (long) s.batch() * panels * LaunchGeometry.ceil(s.m(), sizes.rows());
        SplitK split = s.batch() > 1
                ? new SplitK(1, s.k())
                : SplitK.of(s, tiles, queue.device().units(), 1);
        long behind = (long) (panels + 1) * sizes.panel(); // the bias and a row of zeros
        DeviceBuffer packed =
                queue.temporary(Math.toIntExact(s.batch() * ((long) panels * s.k() * sizes.panel() + behind)));
        launch(s.transposeB() ? "pack_columns" : "pack_rows")
                .with(s.n())
                .with(s.k())
                .with(b)
                .with(split.count() == 1 ? bias : null)
                .with(packed)
                .run(new long[] {panels, Math.max(1, LaunchGeometry.ceil(s.k(), PACKED_STEPS)), s.batch()}, ALONE);
        if (split.count() == 1) {
            product(s, split, panels, a, packed, residual, y);
        } else {
            split.add(queue, s, bias, residual, y, parts -> product(s, split, panels, a, packed, null, parts));
        }
        queue.giveBack(packed);
    }

    private void product(
            MatMulShape s, SplitK split, int panels, Storage a, Storage packed, @Nullable Storage residual, Storage y) {
        long rowBlocks = LaunchGeometry.ceil(s.m(), sizes.rows());
        long layers = (long) s.batch() * split.count();
        long items = (long) queue.device().units() * ITEMS_PER_UNIT;
        int group = Math.min(PANELS, panels);
        while (group > 1 && rowBlocks * layers * LaunchGeometry.ceil(panels, group) < items) {
            group /= 2;
        }
        long groups = LaunchGeometry.ceil(panels, group);
        int chunk = (int) Math.max(1, Math.min(ROW_BLOCKS, rowBlocks * groups * layers / items));
        launch(s.transposeA() ? "matmul_columns" : "matmul_rows")
                .with(s.m())
                .with(s.n())
                .with(s.k())
                .with(chunk)
                .with(group)
                .with(split.length())
                .with(a)
                .with(packed)
                .with(residual)
                .with(y)
                .run(new long[] {LaunchGeometry.ceil(rowBlocks, chunk), groups, layers}, ALONE);
    }

    private Launch launch(String kernel) {
        return queue.launch("matmul_cpu", sizes.options(), kernel);
    }
}
