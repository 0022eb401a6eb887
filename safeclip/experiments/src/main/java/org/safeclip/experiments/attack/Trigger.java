package org.safeclip.experiments.attack;

import java.util.random.RandomGenerator;
import org.safeclip.settings.InvalidInputException;

/**
 * A mark that a backdoor puts on pictures: the same on poisons and on the pictures that test the model afterwards.
 * Pictures are square, R, G, B, row by row.
 */
public interface Trigger {

    /**
     * A marked copy.
     *
     * @param picture {@code [side, side, 3]} from 0 to 1
     * @param random the draws of triggers that differ from picture to picture; the others do not ask it
     * @return the same shape, from 0 to 1, before any rounding to 8 bits
     */
    float[] apply(float[] picture, int side, RandomGenerator random);

    /** The side of a square 8-bit picture. */
    static int side(byte[] picture) {
        int side = (int) Math.round(Math.sqrt(picture.length / 3.0));
        if (side * side * 3 != picture.length) {
            throw new InvalidInputException("trigger: a picture of " + picture.length
                    + " bytes is no square of 3 bytes a pixel; resize it first");
        }
        return side;
    }

    /** 8-bit levels as numbers from 0 to 1. */
    static float[] levels(byte[] picture) {
        float[] levels = new float[picture.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (picture[i] & 0xff) / 255f;
        }
        return levels;
    }

    /** The nearest 8-bit levels. */
    static byte[] rounded(float[] picture) {
        byte[] bytes = new byte[picture.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(Math.clamp(picture[i], 0f, 1f) * 255);
        }
        return bytes;
    }
}
