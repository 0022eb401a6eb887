package org.safeclip.opencl;

import org.safeclip.tensor.backend.MatMulShape;

/**
 * The {@code -D} tile sizes of the matrix product on one device: those stored by {@link Tuning}, else defaults by the
 * device's limits.
 *
 * @param cpu tile of the CPU family
 * @param gpuLarge block of the GPU family for large products
 * @param gpuSmall block of the GPU family for small products
 */
record GemmTileSizes(Cpu cpu, Gpu gpuLarge, Gpu gpuSmall) {
    private static final int PADDING = 4;

    /**
     * Sizes of {@code matmul_cpu.cl}.
     *
     * @param width floats of a vector: 4, 8 or 16
     * @param vectors vectors in a row of the tile
     * @param rows rows of the tile
     * @param depth steps of k between two visits to y
     */
    record Cpu(int width, int vectors, int rows, int depth) {
        /** Columns of a tile, and of a panel of the packed operand. */
        int panel() {
            return width * vectors;
        }

        String options() {
            return "-DWIDTH=" + width + " -DNV=" + vectors + " -DMR=" + rows + " -DKC=" + depth;
        }
    }

    /**
     * Sizes of {@code matmul_gpu.cl}.
     *
     * @param blockRows rows of y that a work-group computes
     * @param blockCols columns of y that a work-group computes
     * @param blockDepth steps of k in local memory at a time
     * @param rows rows of y that a work-item computes
     * @param cols columns of y that a work-item computes
     */
    record Gpu(int blockRows, int blockCols, int blockDepth, int rows, int cols) {
        /** Work-items of a group. */
        int items() {
            return blockRows / rows * (blockCols / cols);
        }

        /** Bytes of local memory of a group: two halves of both operands. */
        int localBytes() {
            return 2 * blockDepth * (blockRows + blockCols + 2 * PADDING) * Float.BYTES;
        }

        boolean fits(OpenClDevice device) {
            return items() <= device.largestGroup() && localBytes() <= device.localMemory();
        }

        /** Groups that a compute unit has registers for at the same time: some 32768 numbers of y, and no more than 4. */
        int groupsOfUnit() {
            return Math.clamp((1 << 15) / (blockRows * blockCols), 1, 4);
        }

        /** Multiplications that a number from local memory serves, in the mean: it bounds the rate. */
        double uses() {
            return 2.0 * rows * cols / (rows + cols);
        }

        /** Half as many rows in a block, where that leaves 64 work-items; else the same. */
        Gpu halfRows() {
            boolean enough = items() >= 128 && blockRows / 2 % rows == 0;
            return enough ? new Gpu(blockRows / 2, blockCols, blockDepth, rows, cols) : this;
        }

        /** Half as many columns in a block, where that leaves 64 work-items; else the same. */
        Gpu halfCols() {
            boolean enough = items() >= 128 && blockCols / 2 % cols == 0;
            return enough ? new Gpu(blockRows, blockCols / 2, blockDepth, rows, cols) : this;
        }

        /** How many blocks cover all numbers of y. */
        long blocks(MatMulShape s) {
            return s.batch() * LaunchGeometry.ceil(s.m(), blockRows) * LaunchGeometry.ceil(s.n(), blockCols);
        }

        String options() {
            return "-DBM=" + blockRows + " -DBN=" + blockCols + " -DBK=" + blockDepth + " -DTM=" + rows + " -DTN="
                    + cols;
        }
    }

    /** The tuned sizes of this device, else {@link #shipped}. */
    static GemmTileSizes of(OpenClDevice device) {
        return Tuning.stored(device).orElseGet(() -> shipped(device));
    }

    /**
     * Default sizes by the device's limits. A CPU with vectors of 16 floats has 32 registers, which hold a tile of 6 x
     * 4 vectors, and 6 x 2 leave room in 16 registers.
     */
    static GemmTileSizes shipped(OpenClDevice device) {
        int width = Math.clamp(Integer.highestOneBit(Math.max(1, device.vectorWidth())), 4, 16);
        Gpu tiny = new Gpu(32, 32, 8, 4, 4);
        Gpu small = new Gpu(64, 64, 8, 4, 4);
        Gpu large = new Gpu(128, 128, 8, 8, 8);
        small = small.fits(device) ? small : tiny;
        return new GemmTileSizes(
                new Cpu(width, width == 16 ? 4 : 2, 6, 1024), large.fits(device) ? large : small, small);
    }
}
