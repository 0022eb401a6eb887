package org.safeclip.experiments.attack;

import java.util.random.RandomGenerator;

/** Makes the trigger of a backdoor for images of one size. */
@FunctionalInterface
public interface TriggerFactory {
    /**
     * A trigger.
     *
     * @param side of the images, in pixels
     * @param random for what is drawn once and then the same on every image
     */
    Trigger create(int side, RandomGenerator random);
}
