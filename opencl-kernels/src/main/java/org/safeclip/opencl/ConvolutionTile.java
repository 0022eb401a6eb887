package org.safeclip.opencl;

/**
 * The block of a convolution that a work-group of {@code convolution.cl} computes, {@code rows x columns} numbers, an item
 * {@code itemRows x itemColumns} of them, by {@code depth} steps of the sum at a time.
 */
record ConvolutionTile(int rows, int columns, int itemRows, int itemColumns, int depth) {
    private static final ConvolutionTile TALL = new ConvolutionTile(128, 64, 8, 4, 16);
    private static final ConvolutionTile WIDE = new ConvolutionTile(64, 128, 4, 8, 16);
    /** For devices with little room, and for processors, whose compilers take long over large tiles. */
    private static final ConvolutionTile SMALL = new ConvolutionTile(16, 16, 4, 4, 4);

    /** The fastest on an H200 for so many rows: 24 to 34 TFLOP/s where they fill it. */
    static ConvolutionTile of(int rows, OpenClDevice device) {
        return fitting(rows > WIDE.rows ? TALL : WIDE, device);
    }

    private static ConvolutionTile fitting(ConvolutionTile tile, OpenClDevice device) {
        boolean room = tile.items() <= device.largestGroup() && tile.bytes() <= device.localMemory();
        return room && !device.cpu() ? tile : SMALL;
    }

    int items() {
        return rows / itemRows * (columns / itemColumns);
    }

    /** Groups over so many numbers. */
    long groups(int down, long across) {
        return LaunchGeometry.ceil(down, rows) * LaunchGeometry.ceil(across, columns);
    }

    String options() {
        return "-DBM=" + rows + " -DBN=" + columns + " -DTM=" + itemRows + " -DTN=" + itemColumns + " -DBK=" + depth;
    }

    private long bytes() {
        return (long) depth * (rows + columns + 8) * Float.BYTES;
    }
}
