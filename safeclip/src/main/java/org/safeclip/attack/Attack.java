package org.safeclip.attack;

import java.util.random.RandomGenerator;

/**
 * A step that poisons a set of pairs. Steps can follow one another: each adds its own groups to the mask and leaves the
 * poisons of those before it alone. The same set and the same seed give the same poisons.
 */
public sealed interface Attack permits TargetedPoison, Backdoor, LabelConsistent, TextTrigger {

    /** The name used in reports and on the command line. */
    String name();

    /**
     * Poisons a set. Pairs keep their rows and new ones come last, so that a mask stays right when another attack follows.
     *
     * @param before the pairs so far and what was done to them
     */
    Poisoned apply(Poisoned before, RandomGenerator random);
}
