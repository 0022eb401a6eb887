package org.safeclip.experiments.attack;

import org.safeclip.data.RandomKey;

/**
 * A trigger with its random key: image number {@code i} always gets the same pixels, so that stored poisons can be compared with
 * the intended ones.
 *
 * @param trigger how an image is changed
 * @param key key of the random numbers of triggers that differ from image to image
 */
public record SeededTrigger(Trigger trigger, RandomKey key) {
    /** Image number {@code i} with the trigger, from 0 to 1, not rounded. */
    public float[] exact(byte[] image, int i) {
        return trigger.apply(
                Trigger.levels(image), Trigger.side(image), key.fold(i).random());
    }

    /** Image number {@code i} with the trigger, in 8 bits. */
    public byte[] apply(byte[] image, int i) {
        return Trigger.rounded(exact(image, i));
    }
}
