package org.safeclip;

import org.safeclip.loss.PoolSettings;
import org.safeclip.selection.AgreementSelector;
import org.safeclip.selection.AgreementSettings;
import org.safeclip.selection.MixtureSelector;
import org.safeclip.selection.SafeSelector;
import org.safeclip.selection.ScoringSettings;
import org.safeclip.train.Trainer;

/**
 * The parts of {@link SafeClip} that can be exchanged.
 *
 * @param name name of the method with these parts, in tables and files
 * @param scoring how the pairs are scored
 * @param pools settings of the neighbour pools of the in-modal loss
 * @param rates learning rates of the passes
 * @param selector chooses the safe pairs
 * @param mixedEpoch trains the two passes of a mixed epoch
 */
public record SafeClipParts(
        String name,
        ScoringSettings scoring,
        PoolSettings pools,
        LearningRates rates,
        SafeSelector selector,
        MixedEpoch mixedEpoch) {

    /** The name of the method with the paper's choice of pairs. */
    public static final String PAPER = "safeclip";

    /** The name of the method that chooses pairs by agreement, an extension of the paper. */
    public static final String AGREEMENT = "safeclip-agreement";

    /** The paper's parts, with the default settings of scores and pools. */
    public static SafeClipParts paper(SafeClipSettings settings, Trainer trainer) {
        return new SafeClipParts(
                PAPER,
                ScoringSettings.defaults(),
                PoolSettings.defaults(),
                new LearningRates(settings, trainer),
                mixtureSelector(settings, trainer),
                MixedEpoch.RISKY_THEN_SAFE);
    }

    /** These parts, but pairs are chosen by their agreement with others. */
    public SafeClipParts withAgreement(AgreementSettings agreement, SafeClipSettings settings, Trainer trainer) {
        return new SafeClipParts(
                AGREEMENT,
                scoring,
                pools,
                rates,
                new AgreementSelector(agreement, mixtureSelector(settings, trainer), trainer.key()),
                mixedEpoch);
    }

    /** The paper's choice of the safe pairs. */
    public static MixtureSelector mixtureSelector(SafeClipSettings settings, Trainer trainer) {
        return new MixtureSelector(
                settings.threshold(),
                trainer.settings().batchSize(),
                settings.growth(),
                settings.cap(),
                settings.floor());
    }
}
