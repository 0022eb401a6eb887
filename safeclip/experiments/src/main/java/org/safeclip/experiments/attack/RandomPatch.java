package org.safeclip.experiments.attack;

import java.util.random.RandomGenerator;

/**
 * A square of noise, new and at a new place for every picture: the BadNet trigger of CleanCLIP. Each pixel is the picture's
 * mean of that channel plus N(0, 1), which leaves 0 to 1 more often than not; the conversion to 8 bits wraps it around, so
 * that the square looks like uniform noise.
 *
 * @param size width and height of the square
 */
public record RandomPatch(int size) implements Trigger {

    /** The patch for pictures of that side: 16 of 224 pixels wide. */
    public static RandomPatch forSide(int side) {
        return new RandomPatch(FixedPatch.size(side));
    }

    @Override
    public float[] apply(float[] picture, int side, RandomGenerator random) {
        double[] mean = new double[3];
        for (int i = 0; i < picture.length; i++) {
            mean[i % 3] += picture[i] / (double) (side * side);
        }
        float[] square = new float[size * size * 3];
        for (int i = 0; i < square.length; i++) {
            int level = (int) Math.floor((mean[i % 3] + random.nextGaussian()) * 255);
            square[i] = (level & 0xff) / 255f;
        }
        int top = random.nextInt(side - size); // upper left at 0 ... side - size - 1, as in the release (0 ... 207)
        int left = random.nextInt(side - size);
        float[] marked = picture.clone();
        FixedPatch.paste(square, size, marked, side, new FixedPatch.Place(top, left));
        return marked;
    }
}
