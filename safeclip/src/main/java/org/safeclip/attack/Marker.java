package org.safeclip.attack;

import java.util.SplittableRandom;

/**
 * A trigger and the seed of its draws: marking picture number {@code i} gives the same pixels whenever it is asked for, so that
 * what was written can be compared with what was meant.
 *
 * @param trigger the mark
 * @param seed of the triggers that differ from picture to picture
 */
public record Marker(Trigger trigger, long seed) {
    private static final long APART = 0x9E3779B97F4A7C15L; // odd: every number has a seed of its own

    /** The marked picture, from 0 to 1, not rounded. */
    public float[] exact(byte[] picture, int number) {
        SplittableRandom random = new SplittableRandom(seed + number * APART);
        return trigger.apply(Trigger.levels(picture), Trigger.side(picture), random);
    }

    /** The marked picture in 8 bits. */
    public byte[] mark(byte[] picture, int number) {
        return Trigger.rounded(exact(picture, number));
    }
}
