package org.safeclip.experiments.attack;

import java.io.IOException;
import java.util.random.RandomGenerator;

/**
 * One attack on one data set. It poisons first; what it drew (targets, trigger, rows) it remembers for its test and its
 * verification. The same data set and the same random numbers give the same poisons.
 */
public interface Attack {
    /** The name in reports and on the command line. */
    String name();

    /**
     * Adds its poisons to a data set: appends pairs or replaces some, marks them in the mask, and takes the held-out images they are
     * made of. Poisons of earlier attacks stay as they are.
     */
    void poison(PoisonedDataset data, RandomGenerator random);

    /**
     * What the attacker wants misread, made of the held-out images that are left once all attacks have poisoned.
     *
     * @param random independent of the numbers that poisoned
     */
    AttackTestSet testSet(PoisonedDataset data, RandomGenerator random);

    /** Compares the poisons as they were stored with what they were meant to be. */
    Verification verify(PoisonedDataset data, StoredPairs stored) throws IOException;
}
