package org.safeclip.experiments.attack;

import java.io.IOException;
import java.util.random.RandomGenerator;

/**
 * One attack on one data set. {@link #poison} comes first; the attack keeps what it drew (targets, trigger, rows) for its test
 * set and its verification. Equal data sets and random numbers give equal poisons.
 */
public interface Attack {
    /** The name in reports and on the command line. */
    String name();

    /**
     * Adds poisons to a data set: appends or replaces pairs, marks them in the mask, and removes the images used from the
     * held-out set. Poisons of earlier attacks are not changed.
     */
    void poison(PoisonedDataset data, RandomGenerator random);

    /**
     * The images or captions that the attacker wants misclassified, made from the held-out images that remain after all attacks
     * have poisoned.
     *
     * @param random independent of the generator given to {@link #poison}
     */
    AttackTestSet testSet(PoisonedDataset data, RandomGenerator random);

    /** Compares the stored poisons with the intended ones. */
    Verification verify(PoisonedDataset data, StoredPairs stored) throws IOException;
}
