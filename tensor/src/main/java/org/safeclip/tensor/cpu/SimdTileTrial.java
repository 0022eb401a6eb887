package org.safeclip.tensor.cpu;

import java.util.Optional;

/**
 * Times both tiles on this processor: the same sums of {@link SimdTallTile#ROWS} rows, with operands in the first-level
 * cache.
 *
 * <p>Where there are 16 registers the tall tile keeps sums in memory and takes twice as long; where there are 32 it
 * saves loads and is as fast at least. So a few readings decide, once the compiler has translated both.
 */
final class SimdTileTrial {
    private static final int DEPTH = 128;
    private static final int CALLS = 20; // in a reading
    private static final long READINGS_NANOS = 100_000_000; // once both are translated
    private static final long MOST_NANOS = 2_000_000_000;
    private static final double TRANSLATED = 4; // nanoseconds of a multiply-add of vectors; other code takes 50
    private static final double AS_FAST = 1.1; // at which it pays, for its blocks are better besides

    private SimdTileTrial() {}

    /** Whether the tall tile is as fast; empty where the compiler does not come to it in time. */
    static Optional<Boolean> tallIsAsFast() {
        float[] a = new float[SimdTallTile.ROWS * SimdTallTile.STRIDE + SimdWorkspace.START];
        float[] b = new float[DEPTH * SimdTile.COLS + SimdWorkspace.START];
        float[] y = new float[SimdTallTile.ROWS * SimdTile.COLS];
        double work = (double) CALLS * SimdTallTile.ROWS * 2 * DEPTH; // multiply-adds of vectors
        double low = Double.MAX_VALUE;
        double tall = Double.MAX_VALUE;
        long start = System.nanoTime();
        long translated = start;
        long now = start;
        while (now - translated < READINGS_NANOS && now - start < MOST_NANOS) {
            low = Math.min(low, low(a, b, y) / work);
            tall = Math.min(tall, tall(a, b, y) / work);
            now = System.nanoTime();
            translated = Math.max(low, tall) > TRANSLATED ? now : translated;
        }
        return Math.max(low, tall) > TRANSLATED ? Optional.empty() : Optional.of(tall < AS_FAST * low);
    }

    private static long low(float[] a, float[] b, float[] y) {
        int stride = SimdTallTile.STRIDE;
        int b0 = SimdWorkspace.START;
        int half = SimdTile.ROWS;
        long start = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            for (int r = 0; r < SimdTallTile.ROWS; r += half) {
                int to = r * SimdTile.COLS;
                SimdTile.sum(
                        DEPTH, a, r * stride, stride, 1, b, b0, SimdTile.COLS, y, to, 0, y, to, SimdTile.COLS, half);
            }
        }
        return System.nanoTime() - start;
    }

    private static long tall(float[] a, float[] b, float[] y) {
        int b0 = SimdWorkspace.START;
        long start = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            SimdTallTile.rows(DEPTH, a, 0, b, b0, y, 0, 0, y, 0, SimdTile.COLS, SimdTallTile.NEVER);
        }
        return System.nanoTime() - start;
    }
}
