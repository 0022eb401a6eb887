package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdTallTile.ROWS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Strips of {@link SimdTallTile#ROWS} rows of op(a) as {@link SimdTallTile} reads them. Where a lies row by row its rows
 * are copied to a fixed distance: nothing is transposed, since a tile reads numbers of a one by one. Where it lies
 * column by column a strip is {@code [k, ROWS]}.
 */
final class SimdStrips {
    private static final int GAP = 16; // strips a power of two apart would fight for the same lines of the cache
    private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;

    private SimdStrips() {}

    /** Length of a strip with its gap. */
    static int length(int deep) {
        return deep * ROWS + GAP;
    }

    /** Copies {@code rows} rows of {@code deep} numbers, {@code down} apart. */
    static void rows(int rows, int deep, float[] a, int a0, int down, float[] strip, int to) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(a, a0 + r * down, strip, to + r * SimdTallTile.STRIDE, deep);
        }
    }

    /**
     * Packs columns {@code 0 ... cols} of {@code deep} rows that lie {@code step} apart, strip after strip; beyond them
     * the last strip holds anything.
     */
    static void columns(int cols, int deep, float[] a, int a0, int step, float[] strips, int to) {
        int whole = cols / ROWS;
        int rest = cols - whole * ROWS;
        for (int p = 0; p < deep; p++) {
            int from = a0 + p * step;
            int at = to + p * ROWS;
            for (int s = 0; s < whole; s++) {
                copy(a, from + s * ROWS, strips, at + s * length(deep));
            }
            if (rest > 0) {
                System.arraycopy(a, from + whole * ROWS, strips, at + whole * length(deep), rest);
            }
        }
    }

    private static void copy(float[] a, int from, float[] strip, int to) {
        if (SimdMath.LANES < 8) {
            FloatVector.fromArray(FOUR, a, from).intoArray(strip, to);
            FloatVector.fromArray(FOUR, a, from + 4).intoArray(strip, to + 4);
        } else {
            FloatVector.fromArray(EIGHT, a, from).intoArray(strip, to);
        }
        FloatVector.fromArray(FOUR, a, from + 8).intoArray(strip, to + 8);
    }
}
