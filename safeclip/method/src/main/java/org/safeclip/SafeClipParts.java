package org.safeclip;

import org.safeclip.loss.PoolSettings;
import org.safeclip.selection.MixtureSelector;
import org.safeclip.selection.SafeSelector;
import org.safeclip.selection.ScoringSettings;
import org.safeclip.train.Trainer;

/**
 * The parts of {@link SafeClip} that can be exchanged.
 *
 * @param scoring how the pairs are scored
 * @param pools settings of the neighbour pools of the in-modal loss
 * @param rates learning rates of the passes
 * @param selector chooses the safe pairs
 * @param mixedEpoch trains the two passes of a mixed epoch
 */
public record SafeClipParts(
        ScoringSettings scoring,
        PoolSettings pools,
        LearningRates rates,
        SafeSelector selector,
        MixedEpoch mixedEpoch) {

    /** The paper's parts, with the default settings of scores and pools. */
    public static SafeClipParts paper(SafeClipSettings settings, Trainer trainer) {
        return new SafeClipParts(
                ScoringSettings.defaults(),
                PoolSettings.defaults(),
                new LearningRates(settings, trainer),
                mixtureSelector(settings, trainer),
                MixedEpoch.RISKY_THEN_SAFE);
    }

    /** The paper's choice of the safe pairs. */
    public static SafeSelector mixtureSelector(SafeClipSettings settings, Trainer trainer) {
        return new MixtureSelector(
                settings.threshold(),
                trainer.settings().batchSize(),
                settings.growth(),
                settings.cap(),
                settings.floor());
    }
}
