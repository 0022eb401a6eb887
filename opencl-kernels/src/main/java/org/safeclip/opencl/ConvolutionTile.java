package org.safeclip.opencl;

/**
 * The block of a convolution that a work-group of {@code convolution.cl} computes, {@code rows x columns} numbers, an item
 * {@code itemRows x itemColumns} of them, by {@code depth} steps of the sum at a time.
 */
record ConvolutionTile(int rows, int columns, int itemRows, int itemColumns, int depth) {
    private static final ConvolutionTile LARGE = new ConvolutionTile(128, 128, 8, 8, 16);
    private static final ConvolutionTile SHALLOW = new ConvolutionTile(128, 128, 8, 8, 8);
    private static final ConvolutionTile MIDDLE = new ConvolutionTile(64, 128, 4, 8, 16);
    /** For devices with little room, and for processors, whose compilers take long over large tiles. */
    private static final ConvolutionTile SMALL = new ConvolutionTile(16, 16, 4, 4, 4);

    private static final int GROUPS_PER_UNIT = 2;

    /** The fastest on an H200 for rows x columns numbers of windows of that side. */
    static ConvolutionTile forward(int rows, long columns, int kernel, OpenClDevice device) {
        ConvolutionTile large = kernel == 1 ? SHALLOW : LARGE;
        boolean enough = rows > MIDDLE.rows && large.groups(rows, columns) >= (long) device.units() * GROUPS_PER_UNIT;
        return fitting(enough ? large : MIDDLE, device);
    }

    /** The fastest on an H200 for the gradient of rows x columns weights. */
    static ConvolutionTile weights(int rows, long columns, OpenClDevice device) {
        return fitting(rows > MIDDLE.rows && columns > MIDDLE.rows ? SHALLOW : MIDDLE, device);
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
