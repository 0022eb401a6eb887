package org.safeclip.experiments.attack;

import java.util.random.RandomGenerator;

/** Makes the trigger of a backdoor for images of one size. */
@FunctionalInterface
public interface TriggerFactory {
    /**
     * Makes the trigger.
     *
     * @param side side of the images in pixels
     * @param random draws what all images share, such as a noise image or a warp
     */
    Trigger create(int side, RandomGenerator random);
}
