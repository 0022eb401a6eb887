package org.safeclip.experiments.attack;

import org.safeclip.data.RandomKey;

/**
 * A trigger and the origin of its random numbers: image number {@code i} gets the same pixels whenever it is asked for, so that what
 * was written can be compared with what was meant.
 *
 * @param trigger the change to an image
 * @param key origin of the numbers of triggers that differ from image to image
 */
public record SeededTrigger(Trigger trigger, RandomKey key) {
    /** Image number {@code i} with the trigger, from 0 to 1, not rounded. */
    public float[] exact(byte[] image, int i) {
        return trigger.apply(Trigger.levels(image), Trigger.side(image), key.element(i));
    }

    /** Image number {@code i} with the trigger, in 8 bits. */
    public byte[] apply(byte[] image, int i) {
        return Trigger.rounded(exact(image, i));
    }
}
