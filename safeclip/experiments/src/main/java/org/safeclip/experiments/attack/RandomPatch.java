package org.safeclip.experiments.attack;

import java.util.random.RandomGenerator;

/**
 * A square of noise, drawn with its place for every image: the BadNet trigger of CleanCLIP. Each value is the image's channel
 * mean plus N(0, 1). Most values are outside 0 to 1, and the conversion to 8 bits wraps them around, so the square looks like
 * uniform noise.
 *
 * @param size width and height of the square
 */
public record RandomPatch(int size) implements Trigger {

    /** The patch for images of this side in pixels: 16/224 of it wide, at least 4. */
    public static RandomPatch forSide(int side) {
        return new RandomPatch(FixedPatch.size(side));
    }

    @Override
    public float[] apply(float[] image, int side, RandomGenerator random) {
        double[] mean = new double[3];
        for (int i = 0; i < image.length; i++) {
            mean[i % 3] += image[i] / (double) (side * side);
        }
        float[] square = new float[size * size * 3];
        for (int i = 0; i < square.length; i++) {
            int level = (int) Math.floor((mean[i % 3] + random.nextGaussian()) * 255);
            square[i] = (level & 0xff) / 255f;
        }
        int top = random.nextInt(side - size); // upper left at 0 ... side - size - 1, as in the release (0 ... 207)
        int left = random.nextInt(side - size);
        float[] marked = image.clone();
        FixedPatch.paste(square, size, marked, side, new FixedPatch.Place(top, left));
        return marked;
    }
}
