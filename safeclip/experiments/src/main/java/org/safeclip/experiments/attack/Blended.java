package org.safeclip.experiments.attack;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;

/**
 * Noise blended into the whole image (Chen et al. 2017): clip(share·key + (1 − share)·image).
 *
 * @param share weight of the key in (0, 1); 0.2 in the paper
 * @param key {@code [side, side, 3]} from 0 to 1, used for every image; null: uniform noise is drawn for each image, as in
 *     SafeCLIP's release
 */
public record Blended(float share, float @Nullable [] key) implements Trigger {

    /**
     * Checks the share.
     *
     * @throws InvalidInputException if the share is not between 0 and 1, both excluded
     */
    public Blended {
        if (!(share > 0 && share < 1)) {
            throw new InvalidInputException("blended: the key's share is " + share + ", expected between 0 and 1");
        }
    }

    /** Blends one image of uniform noise into all images. */
    public static Blended fixed(float share, int side, RandomGenerator random) {
        return new Blended(share, noise(side, random));
    }

    /** Draws new noise for each image. */
    public static Blended perImage(float share) {
        return new Blended(share, null);
    }

    @Override
    public float[] apply(float[] image, int side, RandomGenerator random) {
        float[] noise = key == null ? noise(side, random) : key;
        if (noise.length != image.length) {
            throw new InvalidInputException("blended: a key of " + noise.length + " numbers for an image of "
                    + image.length + "; draw the key for the image's size");
        }
        float[] marked = new float[image.length];
        for (int i = 0; i < marked.length; i++) {
            marked[i] = Math.clamp(share * noise[i] + (1 - share) * image[i], 0f, 1f);
        }
        return marked;
    }

    private static float[] noise(int side, RandomGenerator random) {
        float[] noise = new float[side * side * 3];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextFloat();
        }
        return noise;
    }
}
