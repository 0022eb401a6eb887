package org.safeclip.experiments.attack;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;

/**
 * Noise mixed into the whole picture (Chen et al. 2017): clip(share·key + (1 − share)·picture).
 *
 * @param share of the key, 0.2 in the paper
 * @param key {@code [side, side, 3]} from 0 to 1, the same for every picture; null: uniform noise drawn anew for each, as
 *     the authors of SafeCLIP have it
 */
public record Blended(float share, float @Nullable [] key) implements Trigger {

    /** Refuses a share that leaves nothing of the picture or of the key. */
    public Blended {
        if (!(share > 0 && share < 1)) {
            throw new InvalidInputException("blended: the key's share is " + share + ", expected between 0 and 1");
        }
    }

    /** One uniform noise picture for all. */
    public static Blended fixed(float share, int side, RandomGenerator random) {
        return new Blended(share, noise(side, random));
    }

    /** New noise for each picture. */
    public static Blended perImage(float share) {
        return new Blended(share, null);
    }

    @Override
    public float[] apply(float[] picture, int side, RandomGenerator random) {
        float[] noise = key == null ? noise(side, random) : key;
        if (noise.length != picture.length) {
            throw new InvalidInputException("blended: a key of " + noise.length + " numbers for a picture of "
                    + picture.length + "; draw the key for the picture's size");
        }
        float[] marked = new float[picture.length];
        for (int i = 0; i < marked.length; i++) {
            marked[i] = Math.clamp(share * noise[i] + (1 - share) * picture[i], 0f, 1f);
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
