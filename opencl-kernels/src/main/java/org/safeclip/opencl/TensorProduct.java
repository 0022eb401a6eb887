package org.safeclip.opencl;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Precision;
import org.safeclip.tensor.backend.Storage;

/** Matrix products on tensor cores, {@code matmul_tensor.cl}: both operands packed, then multiplied. */
final class TensorProduct {
    private static final String FILE = "matmul_tensor";
    private static final int BLOCK = 128; // rows and columns of y of a group
    private static final int ITEMS = 256;
    private static final int GROUPS_OF_UNIT = 2;
    private static final int MOVED = 128; // multiplications while a float is moved
    private static final int PIECE_BYTES = 16;
    private static final int PIECES = 4; // of a pair of steps
    private static final int SIDE = 64; // of the squares that are turned

    private final Queue queue;
    private final String instructions;

    TensorProduct(Queue queue, TensorCores cores) {
        this.queue = queue;
        this.instructions = cores == TensorCores.WGMMA ? PtxEdit.UNCOVER + " -DWGMMA=1" : "-DWGMMA=0";
    }

    /** Computes the products with operands rounded to {@code precision}; the rest as {@link MatMul#matmul}. */
    void matmul(
            Precision precision,
            MatMulShape s,
            Storage a,
            Storage b,
            @Nullable Storage bias,
            @Nullable Storage residual,
            Storage y) {
        Packing packing = new Packing(precision, s.k());
        DeviceBuffer as = pack(packing, s.batch(), s.m(), s.k(), !s.transposeA(), a);
        DeviceBuffer bs = pack(packing, s.batch(), s.n(), s.k(), s.transposeB(), b);
        long blocks = s.batch() * LaunchGeometry.ceil(s.m(), BLOCK) * LaunchGeometry.ceil(s.n(), BLOCK);
        long atOnce = (long) queue.device().units() * GROUPS_OF_UNIT;
        SplitK split =
                GemmPlan.of(s, BLOCK, BLOCK, atOnce, packing.steps(), MOVED).split();
        if (split.count() == 1) {
            product(packing, s, split, blocks, as, bs, bias, residual, y);
        } else {
            split.add(
                    queue,
                    s,
                    bias,
                    residual,
                    y,
                    parts -> product(packing, s, split, blocks, as, bs, null, null, parts));
        }
        queue.giveBack(as);
        queue.giveBack(bs);
    }

    /**
     * How an operand lies packed.
     *
     * @param precision TF32 in four bytes, bfloat16 in two
     * @param k numbers of a row before padding
     */
    private record Packing(Precision precision, int k) {
        int bytes() {
            return precision == Precision.BFLOAT16 ? 2 : 4;
        }

        int piece() {
            return PIECE_BYTES / bytes();
        }

        int steps() {
            return PIECES * piece();
        }

        int stride() {
            return (int) LaunchGeometry.ceil(Math.max(1, k), steps()) * steps();
        }

        String option() {
            return precision == Precision.BFLOAT16 ? " -DBF16=1" : " -DBF16=0";
        }
    }

    private DeviceBuffer pack(Packing packing, int batch, int rows, int cols, boolean along, Storage x) {
        int stride = packing.stride();
        long panels = batch * LaunchGeometry.ceil(rows, BLOCK);
        long numbers = panels * BLOCK * stride;
        DeviceBuffer packed = queue.temporary(Math.toIntExact(numbers * packing.bytes() / Float.BYTES));
        long groups = along
                ? LaunchGeometry.ceil(numbers / packing.piece(), queue.lanes())
                : panels * (BLOCK / SIDE) * LaunchGeometry.ceil(stride, SIDE);
        queue.launch(FILE, instructions + packing.option(), along ? "pack" : "pack_turned")
                .with(batch)
                .with(rows)
                .with(cols)
                .with(stride)
                .with(x)
                .with(packed)
                .over(groups);
        return packed;
    }

    private void product(
            Packing packing,
            MatMulShape s,
            SplitK split,
            long blocks,
            Storage a,
            Storage b,
            @Nullable Storage bias,
            @Nullable Storage residual,
            Storage y) {
        queue.launch(FILE, instructions + packing.option(), "matmul_tensor")
                .with(s.m())
                .with(s.n())
                .with(s.k())
                .with(split.length())
                .with(packing.stride())
                .with(a)
                .with(b)
                .with(bias)
                .with(residual)
                .with(y)
                .run(new long[] {blocks * split.count() * ITEMS}, new long[] {ITEMS});
    }
}
