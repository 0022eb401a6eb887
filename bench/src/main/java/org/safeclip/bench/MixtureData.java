package org.safeclip.bench;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Synthetic similarities as of a half-trained model: two overlapping clusters, of mismatched and of matching pairs. */
public final class MixtureData {
    private static final double MATCHING = 0.4;

    private MixtureData() {}

    /** Draws from 0.6·N(0.1, 0.08²) + 0.4·N(0.25, 0.1²), clipped to [−1, 1]. */
    public static float[] similarities(int count) {
        RandomGenerator random = new SplittableRandom(7);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            boolean matching = random.nextDouble() < MATCHING;
            double value = matching ? random.nextGaussian(0.25, 0.1) : random.nextGaussian(0.1, 0.08);
            x[i] = (float) Math.clamp(value, -1, 1);
        }
        return x;
    }
}
