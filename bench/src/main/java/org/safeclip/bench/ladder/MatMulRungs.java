package org.safeclip.bench.ladder;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * y [m, n] = a [m, k] · b [k, n], row by row in memory, in rungs. The arithmetic is the same 2·m·n·k operations in all;
 * what changes is how often a number travels from memory to the unit that multiplies.
 */
final class MatMulRungs {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int ROWS = 4; // of a tile
    private static final int COLS = 2 * LANES;
    private static final int TALL = 8; // rows of a strip
    private static final int LONGEST = 1024; // k of a strip
    private static final int STRIDE = LONGEST + 16; // rows a power of two apart would fight for lines of the cache

    private MatMulRungs() {}

    /** 1. The definition. Walking down a column of b touches a new cache line for every number. */
    static void definition(int m, int n, int k, float[] a, float[] b, float[] y) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += a[i * k + p] * b[p * n + j];
                }
                y[i * n + j] = sum;
            }
        }
    }

    /** 2. Loops in another order: all walk along rows, and the compiler makes vectors of the inner one. */
    static void rowsOnly(int m, int n, int k, float[] a, float[] b, float[] y) {
        Arrays.fill(y, 0, m * n, 0);
        for (int i = 0; i < m; i++) {
            for (int p = 0; p < k; p++) {
                float factor = a[i * k + p];
                for (int j = 0; j < n; j++) {
                    y[i * n + j] += factor * b[p * n + j];
                }
            }
        }
    }

    /** 3. Sums in registers: a strip of y is summed over all of k before it is stored, once. */
    static void sumsInRegisters(int m, int n, int k, float[] a, float[] b, float[] y) {
        for (int i = 0; i < m; i++) {
            int j = 0;
            for (; j + COLS <= n; j += COLS) {
                FloatVector left = FloatVector.zero(SPECIES);
                FloatVector right = FloatVector.zero(SPECIES);
                for (int p = 0; p < k; p++) {
                    FloatVector factor = FloatVector.broadcast(SPECIES, a[i * k + p]);
                    left = factor.fma(FloatVector.fromArray(SPECIES, b, p * n + j), left);
                    right = factor.fma(FloatVector.fromArray(SPECIES, b, p * n + j + LANES), right);
                }
                left.intoArray(y, i * n + j);
                right.intoArray(y, i * n + j + LANES);
            }
            edge(i, i + 1, j, n, k, a, b, y);
        }
    }

    /** 4. A tile: four rows at once, so that every vector of b, once loaded, is used four times. */
    static void tile(int m, int n, int k, float[] a, float[] b, float[] y) {
        int whole = n - n % COLS;
        int i = 0;
        for (; i + ROWS <= m; i += ROWS) {
            for (int j = 0; j < whole; j += COLS) {
                tile(k, a, i * k, b, j, n, y, i * n + j, n);
            }
        }
        edge(0, i, whole, n, k, a, b, y);
        edge(i, m, 0, n, k, a, b, y);
    }

    /** 5. Panels: b is first copied so that a tile finds its numbers one after the other, whatever n is. */
    static void panels(int m, int n, int k, float[] a, float[] b, float[] y) {
        int whole = n - n % COLS;
        int high = m - m % ROWS;
        float[] panel = new float[k * COLS];
        for (int j = 0; j < whole; j += COLS) {
            for (int p = 0; p < k; p++) {
                System.arraycopy(b, p * n + j, panel, p * COLS, COLS);
            }
            for (int i = 0; i < high; i += ROWS) {
                tile(k, a, i * k, panel, 0, COLS, y, i * n + j, n);
            }
        }
        edge(0, high, whole, n, k, a, b, y);
        edge(high, m, 0, n, k, a, b, y);
    }

    /**
     * 6. Strips: twice the rows, so that a vector of b is used eight times, for processors with 32 vector registers; with
     * 16 this is slower. Rows of a are copied, too, to a distance that the compiler knows: it then checks the bounds of
     * arrays before the loop instead of at every access.
     *
     * <p>The shipped kernel does this with 12 rows, in pieces of k and groups of panels that fit the caches.
     */
    static void strips(int m, int n, int k, float[] a, float[] b, float[] y) {
        if (k > LONGEST) {
            panels(m, n, k, a, b, y); // this rung does not cut k
            return;
        }
        int whole = n - n % COLS;
        int high = m - m % TALL;
        float[] panels = new float[k * whole];
        for (int j = 0; j < whole; j += COLS) {
            for (int p = 0; p < k; p++) {
                System.arraycopy(b, p * n + j, panels, j * k + p * COLS, COLS);
            }
        }
        float[] strip = new float[TALL * STRIDE];
        for (int i = 0; i < high; i += TALL) {
            for (int r = 0; r < TALL; r++) {
                System.arraycopy(a, (i + r) * k, strip, r * STRIDE, k);
            }
            for (int j = 0; j < whole; j += COLS) {
                stripTile(k, strip, panels, j * k, y, i * n + j, n);
            }
        }
        edge(0, high, whole, n, k, a, b, y);
        edge(high, m, 0, n, k, a, b, y);
    }

    /** Eight sums of vectors, which stay in registers over all of k. */
    private static void tile(int k, float[] a, int a0, float[] b, int b0, int bRow, float[] y, int y0, int yRow) {
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = FloatVector.zero(SPECIES);
        FloatVector s10 = FloatVector.zero(SPECIES);
        FloatVector s11 = FloatVector.zero(SPECIES);
        FloatVector s20 = FloatVector.zero(SPECIES);
        FloatVector s21 = FloatVector.zero(SPECIES);
        FloatVector s30 = FloatVector.zero(SPECIES);
        FloatVector s31 = FloatVector.zero(SPECIES);
        for (int p = 0; p < k; p++) {
            FloatVector left = load(b, b0 + p * bRow);
            FloatVector right = load(b, b0 + p * bRow + LANES);
            FloatVector f0 = FloatVector.broadcast(SPECIES, a[a0 + p]);
            s00 = f0.fma(left, s00);
            s01 = f0.fma(right, s01);
            FloatVector f1 = FloatVector.broadcast(SPECIES, a[a0 + k + p]);
            s10 = f1.fma(left, s10);
            s11 = f1.fma(right, s11);
            FloatVector f2 = FloatVector.broadcast(SPECIES, a[a0 + 2 * k + p]);
            s20 = f2.fma(left, s20);
            s21 = f2.fma(right, s21);
            FloatVector f3 = FloatVector.broadcast(SPECIES, a[a0 + 3 * k + p]);
            s30 = f3.fma(left, s30);
            s31 = f3.fma(right, s31);
        }
        s00.intoArray(y, y0);
        s01.intoArray(y, y0 + LANES);
        s10.intoArray(y, y0 + yRow);
        s11.intoArray(y, y0 + yRow + LANES);
        s20.intoArray(y, y0 + 2 * yRow);
        s21.intoArray(y, y0 + 2 * yRow + LANES);
        s30.intoArray(y, y0 + 3 * yRow);
        s31.intoArray(y, y0 + 3 * yRow + LANES);
    }

    /** Sixteen sums of vectors of a strip and a panel. */
    private static void stripTile(int k, float[] a, float[] b, int b0, float[] y, int y0, int yRow) {
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = FloatVector.zero(SPECIES);
        FloatVector s10 = FloatVector.zero(SPECIES);
        FloatVector s11 = FloatVector.zero(SPECIES);
        FloatVector s20 = FloatVector.zero(SPECIES);
        FloatVector s21 = FloatVector.zero(SPECIES);
        FloatVector s30 = FloatVector.zero(SPECIES);
        FloatVector s31 = FloatVector.zero(SPECIES);
        FloatVector s40 = FloatVector.zero(SPECIES);
        FloatVector s41 = FloatVector.zero(SPECIES);
        FloatVector s50 = FloatVector.zero(SPECIES);
        FloatVector s51 = FloatVector.zero(SPECIES);
        FloatVector s60 = FloatVector.zero(SPECIES);
        FloatVector s61 = FloatVector.zero(SPECIES);
        FloatVector s70 = FloatVector.zero(SPECIES);
        FloatVector s71 = FloatVector.zero(SPECIES);
        for (int p = 0; p < k; p++) {
            FloatVector left = load(b, b0 + p * COLS);
            FloatVector right = load(b, b0 + p * COLS + LANES);
            FloatVector f0 = FloatVector.broadcast(SPECIES, a[p]);
            s00 = f0.fma(left, s00);
            s01 = f0.fma(right, s01);
            FloatVector f1 = FloatVector.broadcast(SPECIES, a[p + STRIDE]);
            s10 = f1.fma(left, s10);
            s11 = f1.fma(right, s11);
            FloatVector f2 = FloatVector.broadcast(SPECIES, a[p + 2 * STRIDE]);
            s20 = f2.fma(left, s20);
            s21 = f2.fma(right, s21);
            FloatVector f3 = FloatVector.broadcast(SPECIES, a[p + 3 * STRIDE]);
            s30 = f3.fma(left, s30);
            s31 = f3.fma(right, s31);
            FloatVector f4 = FloatVector.broadcast(SPECIES, a[p + 4 * STRIDE]);
            s40 = f4.fma(left, s40);
            s41 = f4.fma(right, s41);
            FloatVector f5 = FloatVector.broadcast(SPECIES, a[p + 5 * STRIDE]);
            s50 = f5.fma(left, s50);
            s51 = f5.fma(right, s51);
            FloatVector f6 = FloatVector.broadcast(SPECIES, a[p + 6 * STRIDE]);
            s60 = f6.fma(left, s60);
            s61 = f6.fma(right, s61);
            FloatVector f7 = FloatVector.broadcast(SPECIES, a[p + 7 * STRIDE]);
            s70 = f7.fma(left, s70);
            s71 = f7.fma(right, s71);
        }
        s00.intoArray(y, y0);
        s01.intoArray(y, y0 + LANES);
        s10.intoArray(y, y0 + yRow);
        s11.intoArray(y, y0 + yRow + LANES);
        s20.intoArray(y, y0 + 2 * yRow);
        s21.intoArray(y, y0 + 2 * yRow + LANES);
        s30.intoArray(y, y0 + 3 * yRow);
        s31.intoArray(y, y0 + 3 * yRow + LANES);
        s40.intoArray(y, y0 + 4 * yRow);
        s41.intoArray(y, y0 + 4 * yRow + LANES);
        s50.intoArray(y, y0 + 5 * yRow);
        s51.intoArray(y, y0 + 5 * yRow + LANES);
        s60.intoArray(y, y0 + 6 * yRow);
        s61.intoArray(y, y0 + 6 * yRow + LANES);
        s70.intoArray(y, y0 + 7 * yRow);
        s71.intoArray(y, y0 + 7 * yRow + LANES);
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }

    /** What no tile covers: rows {@code from ... to}, columns {@code first ... n}, by the definition. */
    private static void edge(int from, int to, int first, int n, int k, float[] a, float[] b, float[] y) {
        for (int i = from; i < to; i++) {
            for (int j = first; j < n; j++) {
                float sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += a[i * k + p] * b[p * n + j];
                }
                y[i * n + j] = sum;
            }
        }
    }
}
