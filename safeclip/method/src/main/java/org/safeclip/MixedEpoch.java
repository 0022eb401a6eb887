package org.safeclip;

import org.safeclip.train.Pass;
import org.safeclip.train.Trainer;

/** Trains the two passes of a mixed epoch. */
@FunctionalInterface
public interface MixedEpoch {
    /** All risky pairs, then all safe ones, as in the paper. */
    MixedEpoch RISKY_THEN_SAFE = Trainer::inTurn;

    /** Trains an epoch (from 1). */
    void train(Trainer trainer, int epoch, Pass risky, Pass safe);
}
