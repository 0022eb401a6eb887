package org.safeclip.reference;

import org.safeclip.LearningRates;
import org.safeclip.SafeClip;
import org.safeclip.SafeClipParts;
import org.safeclip.SafeClipSettings;
import org.safeclip.loss.PoolSettings;
import org.safeclip.selection.MixtureSelector;
import org.safeclip.selection.SafeSelector;
import org.safeclip.selection.ScoringSettings;
import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;
import org.safeclip.train.Trainer;

/** Which parts of the authors' release are used in place of SafeCLIP's own. */
@SettingsTable("reference")
public record ReferenceSettings(
        @Meaning("each pass counts its own steps (fixed), or as the release counts them, whose rates swing "
                + "(reference)")
        @Setting("fixed")
        LearningRateRule learningRates,

        @Meaning("order of the passes in a mixed epoch") @Setting(value = "risky-safe", source = "release: risky-safe")
        PassOrder passOrder,

        @Meaning("safe pairs are chosen by the mixture's posterior (mixture) or by the similarity itself (cosine)")
        @Setting(value = "mixture", source = "paper: mixture; its first version: cosine")
        Selector selector,

        @Meaning("share of the pairs in the first safe set by cosine")
        @Setting(value = "0.15", range = "(0, 1]", source = "paper, first version: 0.15")
        double cosineShare,

        @Meaning("captions are augmented once for all epochs; images always anew")
        @Setting(value = "false", source = "release: true")
        boolean staticCaptions) {

    /** How learning rates are counted. */
    public enum LearningRateRule {
        /** {@link LearningRates}. */
        FIXED,
        /** {@link ReleaseLearningRates}. */
        REFERENCE
    }

    /** What the safe pairs are chosen by. */
    public enum Selector {
        /** {@link MixtureSelector}. */
        MIXTURE,
        /** {@link CosineSelector}. */
        COSINE
    }

    /** Refuses values outside their range. */
    public ReferenceSettings {
        Settings.check(ReferenceSettings.class, learningRates, passOrder, selector, cosineShare, staticCaptions);
    }

    /** The default of every setting: nothing of the release. */
    public static ReferenceSettings defaults() {
        return Settings.defaults(ReferenceSettings.class);
    }

    /**
     * SafeCLIP with these parts. Static captions are none of them: the batches are made by the trainer's augmentation, see {@link
     * org.safeclip.data.Augmentation#withStaticCaptions}.
     */
    public SafeClip safeClip(SafeClipSettings settings, ScoringSettings scoring, PoolSettings pools, Trainer trainer) {
        return new SafeClip(settings, trainer, parts(settings, scoring, pools, trainer));
    }

    /** The parts of {@link #safeClip}. */
    public SafeClipParts parts(
            SafeClipSettings settings, ScoringSettings scoring, PoolSettings pools, Trainer trainer) {
        LearningRates rates = learningRates == LearningRateRule.FIXED
                ? new LearningRates(settings, trainer)
                : new ReleaseLearningRates(settings, trainer);
        SafeSelector by = selector == Selector.MIXTURE
                ? SafeClipParts.mixtureSelector(settings, trainer)
                : new CosineSelector(cosineShare, settings.growth(), settings.cap());
        return new SafeClipParts(SafeClipParts.PAPER, scoring, pools, rates, by, passOrder);
    }
}
