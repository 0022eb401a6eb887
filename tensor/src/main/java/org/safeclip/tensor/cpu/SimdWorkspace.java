package org.safeclip.tensor.cpu;

/**
 * The scratch memory of one thread: buffers that grow to the largest size asked for and are kept, so that a
 * steady-state step allocates nothing.
 */
final class SimdWorkspace {
    /**
     * Panels start here: element 0 of a large array lies 16 bytes after a cache line, and a vector load across two
     * lines costs double.
     */
    static final int START = 12;

    /** What a product without bias starts with. */
    static final float[] ZEROS = new float[SimdTile.COLS];

    private static final ThreadLocal<SimdWorkspace> MINE = ThreadLocal.withInitial(SimdWorkspace::new);

    private float[] left = new float[0];
    private float[] right = new float[0];
    private float[] row = new float[0];
    private float[] rest = new float[0];
    private float[] products = new float[0];
    private float[] unfolded = new float[0];
    private float[] shares = new float[0];
    private float[] most = new float[0];
    private double[] totals = new double[0];

    /** A tile of a product that hangs over the edge of the result. */
    final float[] tile = new float[SimdTile.ROWS * SimdTile.COLS];

    private SimdWorkspace() {}

    /** The workspace of the current thread. */
    static SimdWorkspace mine() {
        return MINE.get();
    }

    /** A buffer for packed rows of the left operand. */
    float[] left(int length) {
        return left = atLeast(left, length);
    }

    /** A buffer for the packed right operand. */
    float[] right(int length) {
        return right = atLeast(right, length);
    }

    /** A buffer for one padded row. */
    float[] row(int length) {
        return row = atLeast(row, length);
    }

    /** A buffer for whatever else one kernel needs. */
    float[] rest(int length) {
        return rest = atLeast(rest, length);
    }

    /** A buffer for a block of products that are read once. */
    float[] products(int length) {
        return products = atLeast(products, length);
    }

    /** A buffer for columns of unfolded images. */
    float[] unfolded(int length) {
        return unfolded = atLeast(unfolded, length);
    }

    /** A buffer for sums over parts, which several threads fill. */
    float[] shares(int length) {
        return shares = atLeast(shares, length);
    }

    /** A buffer for the maxima of some rows. */
    float[] most(int length) {
        return most = atLeast(most, length);
    }

    /** A buffer for sums in double precision. */
    double[] totals(int length) {
        return totals = totals.length >= length ? totals : new double[length];
    }

    private static float[] atLeast(float[] held, int length) {
        return held.length >= length ? held : new float[Math.max(length, (int) Math.min(2L * held.length, 1 << 24))];
    }
}
