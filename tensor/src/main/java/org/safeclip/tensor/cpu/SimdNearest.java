package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.safeclip.tensor.cpu.SimdMatMul.Matrix;

/**
 * Which row of a pool has the largest dot product with each row of x: the products of a block of rows with a block of
 * the pool at a time, asked for the best of every row while they lie in the second-level cache.
 */
final class SimdNearest {
    private static final int ROWS = 256;
    private static final int CANDIDATES = 512;

    private SimdNearest() {}

    static void search(int rows, int candidates, int width, float[] x, float[] pool, int[] at) {
        SimdWorkspace mine = SimdWorkspace.mine();
        float[] products = mine.products(Math.min(rows, ROWS) * Math.min(candidates, CANDIDATES));
        float[] most = mine.most(ROWS);
        for (int r0 = 0; r0 < rows; r0 += ROWS) {
            int high = Math.min(ROWS, rows - r0);
            for (int c0 = 0; c0 < candidates; c0 += CANDIDATES) {
                int wide = Math.min(CANDIDATES, candidates - c0);
                Matrix some = Matrix.rows(x, r0 * width, width);
                Matrix others = Matrix.columns(pool, c0 * width, width); // transposed
                SimdMatMul.product(high, wide, width, some, others, null, products, 0, null);
                best(r0, high, c0, wide, products, most, at);
            }
        }
    }

    private static void best(int r0, int high, int c0, int wide, float[] products, float[] most, int[] at) {
        Parallel.rows(high, 1, (long) high * wide / 8, (from, to) -> {
            for (int r = from; r < to; r++) {
                int row = r * wide;
                if (c0 == 0) {
                    most[r] = products[row];
                    at[r0 + r] = 0;
                }
                float max = max(row, wide, products);
                if (max > most[r]) {
                    most[r] = max;
                    at[r0 + r] = c0 + first(max, row, products);
                } else if (Float.isNaN(max)) { // somewhere; it beats nothing and nothing beats it
                    oneByOne(r, r0 + r, c0, row, wide, products, most, at);
                }
            }
        });
    }

    private static float max(int row, int cols, float[] x) {
        float max = x[row];
        int c = 0;
        if (cols >= LANES) {
            FloatVector most = FloatVector.fromArray(SPECIES, x, row);
            for (c = LANES; c <= cols - LANES; c += LANES) {
                most = most.max(FloatVector.fromArray(SPECIES, x, row + c));
            }
            max = most.reduceLanes(VectorOperators.MAX);
        }
        for (; c < cols; c++) {
            max = Math.max(max, x[row + c]);
        }
        return max;
    }

    /** Where the row first holds the value, which it does. */
    private static int first(float value, int row, float[] x) {
        int c = 0;
        while (x[row + c] != value) {
            c++;
        }
        return c;
    }

    private static void oneByOne(int r, int out, int c0, int row, int wide, float[] products, float[] most, int[] at) {
        for (int c = 0; c < wide; c++) {
            if (products[row + c] > most[r]) {
                most[r] = products[row + c];
                at[out] = c0 + c;
            }
        }
    }
}
