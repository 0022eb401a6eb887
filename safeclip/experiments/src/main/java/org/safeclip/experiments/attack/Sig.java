package org.safeclip.experiments.attack;

import java.util.random.RandomGenerator;

/**
 * A sinusoidal signal over the whole image (Barni et al. 2019): clip(keep·image + weight·v), v(j) = amplitude·sin(2π·periods·j /
 * side) for column j, in all rows and channels.
 *
 * @param amplitude amplitude of the wave, 60/255 in the paper
 * @param periods periods across the image, 6 in the paper
 * @param keep weight of the image
 * @param weight weight of the wave
 */
public record Sig(double amplitude, double periods, float keep, float weight) implements Trigger {
    private static final double AMPLITUDE = 60 / 255.0;
    private static final double PERIODS = 6;

    /** The wave blended into the image as in CleanCLIP: keep = 1 − share, weight = share. */
    public static Sig blended(float share) {
        return new Sig(AMPLITUDE, PERIODS, 1 - share, share);
    }

    /** The wave added to the image as in the original paper: keep = weight = 1. */
    public static Sig added() {
        return new Sig(AMPLITUDE, PERIODS, 1, 1);
    }

    /** The signal v, {@code [side]}. */
    float[] signal(int side) {
        float[] signal = new float[side];
        for (int j = 0; j < side; j++) {
            signal[j] = (float) (amplitude * Math.sin(2 * Math.PI * periods * j / side));
        }
        return signal;
    }

    @Override
    public float[] apply(float[] image, int side, RandomGenerator random) {
        float[] signal = signal(side);
        float[] marked = new float[image.length];
        for (int i = 0; i < marked.length; i++) {
            marked[i] = Math.clamp(keep * image[i] + weight * signal[i / 3 % side], 0f, 1f);
        }
        return marked;
    }
}
