package org.safeclip.tensor;

/** The parts of one batch, each of which is worked on by a process of its own. */
@FunctionalInterface
public interface BatchParts {
    /**
     * What every part gives, one after the other, in an order that is the same for all. Every part calls this, with as many
     * numbers as the others, and waits for them.
     */
    float[] gather(float[] own);
}
