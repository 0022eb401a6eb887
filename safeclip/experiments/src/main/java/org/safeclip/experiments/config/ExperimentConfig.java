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
import org.safeclip.selection.ScoringSettings;
import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;
import org.safeclip.train.TrainerSettings;

/** Every setting of an experiment. Each part declares its own; see {@link Setting}. */
@SettingsTable("")
public record ExperimentConfig(
        @Meaning("origin of all random numbers: initial weights, order, augmentation, pools and attacks") @Setting("0")
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
        PoolSettings pools,
        ReferenceSettings reference,
        AttackSettings attack,
        EvaluationSettings evaluation) {

    /** The default of every setting: those of the demo. */
    public static ExperimentConfig defaults() {
        return Settings.defaults(ExperimentConfig.class);
    }

    /** The origin of all random numbers. */
    public RandomKey key() {
        return RandomKey.of(seed);
    }

    /** Pairs that may show the same image before clip-dedup drops them. */
    public int maxCopies() {
        return clip.maxCopies() > 0 ? clip.maxCopies() : data.captionsPerImage();
    }
}
