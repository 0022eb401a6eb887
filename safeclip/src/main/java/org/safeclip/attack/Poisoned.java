package org.safeclip.attack;

import org.safeclip.data.PairSet;

/**
 * A poisoned set and, kept apart from it, the truth about it.
 *
 * @param pairs what the defender gets
 * @param mask which of the pairs are poisons: for diagnosis only
 */
public record Poisoned(PairSet pairs, PoisonMask mask) {

    /** Checks that the mask is about these pairs. */
    public Poisoned {
        if (mask.pairs() != pairs.size()) {
            throw new IllegalArgumentException("poisoned set: " + pairs.size() + " pairs but a mask of " + mask.pairs()
                    + "; the mask must be about the same pairs");
        }
    }
}
