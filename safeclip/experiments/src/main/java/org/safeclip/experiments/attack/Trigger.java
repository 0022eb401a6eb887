package org.safeclip.experiments.attack;

import java.util.random.RandomGenerator;
import org.safeclip.settings.InvalidInputException;

/** The change that a backdoor makes to images, in poisons and in test images alike. Images are square RGB, row by row. */
public interface Trigger {

    /**
     * Returns a copy of an image with the trigger.
     *
     * @param image {@code [side, side, 3]} from 0 to 1
     * @param random random numbers of triggers that differ from image to image; not used by the others
     * @return {@code [side, side, 3]} from 0 to 1, not rounded to 8 bits
     */
    float[] apply(float[] image, int side, RandomGenerator random);

    /**
     * The side of a square 8-bit RGB image in pixels.
     *
     * @throws InvalidInputException if the image is not square
     */
    static int side(byte[] image) {
        int side = (int) Math.round(Math.sqrt(image.length / 3.0));
        if (side * side * 3 != image.length) {
            throw new InvalidInputException("trigger: an image of " + image.length
                    + " bytes is not a square of 3 bytes per pixel; resize it first");
        }
        return side;
    }

    /** Converts 8-bit levels to numbers from 0 to 1. */
    static float[] levels(byte[] image) {
        float[] levels = new float[image.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (image[i] & 0xff) / 255f;
        }
        return levels;
    }

    /** Rounds numbers from 0 to 1 to the nearest 8-bit levels. */
    static byte[] rounded(float[] image) {
        byte[] bytes = new byte[image.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(Math.clamp(image[i], 0f, 1f) * 255);
        }
        return bytes;
    }
}
