package org.safeclip.bench;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Similarities as a half-trained model gives them: two heaps, of mismatched and of matching pairs, that overlap. */
public final class MixtureData {
    private static final double MATCHING = 0.4;

    private MixtureData() {}

    /** 0.6·N(0.1, 0.08²) + 0.4·N(0.25, 0.1²), cut at ±1. */
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
