package org.safeclip.experiments.config;

import org.safeclip.SafeClipSettings;
import org.safeclip.baseline.CleanClipSettings;
import org.safeclip.baseline.ClipSettings;
import org.safeclip.baseline.RoClipSettings;
import org.safeclip.data.AugmentationSettings;
import org.safeclip.data.RandomKey;
import org.safeclip.experiments.attack.AttackSettings;
import org.safeclip.experiments.dataset.DataSettings;
import org.safeclip.experiments.eval.EvaluationSettings;
import org.safeclip.loss.PoolSettings;
import org.safeclip.model.ClipConfig;
import org.safeclip.reference.ReferenceSettings;
import org.safeclip.selection.AgreementSettings;
import org.safeclip.selection.ScoringSettings;
import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;
import org.safeclip.train.TrainerSettings;

/** All settings of an experiment, one record for each part; see {@link Setting}. */
@SettingsTable("")
public record ExperimentConfig(
        @Meaning("random seed of initial weights, order, augmentation, pools and attacks") @Setting("0")
        long seed,

        DataSettings data,
        ClipConfig model,
        AugmentationSettings augmentation,
        TrainerSettings training,
        ClipSettings clip,
        RoClipSettings roclip,
        CleanClipSettings cleanclip,
        SafeClipSettings safeclip,
        ScoringSettings scoring,
        AgreementSettings agreement,
        PoolSettings pools,
        ReferenceSettings reference,
        AttackSettings attack,
        EvaluationSettings evaluation) {

    /** The default settings, which are those of the demo. */
    public static ExperimentConfig defaults() {
        return Settings.defaults(ExperimentConfig.class);
    }

    /** The random key that all random numbers are derived from. */
    public RandomKey key() {
        return RandomKey.of(seed);
    }

    /** A copy whose files are found from any working folder. */
    public ExperimentConfig absolute() {
        return Settings.with(this, "data", data.absolute());
    }

    /** Most pairs with one image that clip-dedup keeps. */
    public int maxCopies() {
        return clip.maxCopies() > 0 ? clip.maxCopies() : data.captionsPerImage();
    }
}
