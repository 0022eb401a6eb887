package org.safeclip.reference;

import org.safeclip.MixedEpoch;
import org.safeclip.train.Pass;
import org.safeclip.train.Trainer;

/** The order in which a mixed epoch trains on the risky and the safe pairs. */
public enum PassOrder implements MixedEpoch {
    /** All risky pairs, then all safe ones: the release, and the default of SafeCLIP. */
    RISKY_SAFE {
        @Override
        public void train(Trainer trainer, int epoch, Pass risky, Pass safe) {
            trainer.inTurn(epoch, risky, safe);
        }
    },
    /** All safe pairs, then all risky ones. */
    SAFE_RISKY {
        @Override
        public void train(Trainer trainer, int epoch, Pass risky, Pass safe) {
            trainer.inTurn(epoch, safe, risky);
        }
    },
    /** Steps of both in alternation, each pass spread evenly over the epoch. */
    INTERLEAVED {
        @Override
        public void train(Trainer trainer, int epoch, Pass risky, Pass safe) {
            trainer.interleaved(epoch, risky, safe);
        }
    }
}
