package org.safeclip.train;

import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** How every method takes its optimiser steps. */
@SettingsTable("training")
public record TrainerSettings(
        @Setting(value = "128", min = 2, meaning = "pairs in an optimiser step", source = "paper: 128 to 512")
        int batchSize,

        @Setting(value = "0.1", meaning = "weight decay of matrices", source = "paper")
        double weightDecay,

        @Setting(
                value = "0.98",
                meaning = "decay of AdamW's second moment",
                source = "paper: 0.999; less here because steps are few")
        double beta2,

        @Setting(value = "0", meaning = "largest norm of the gradient, 0: no limit", source = "paper: no limit")
        double gradientClip,

        @Setting(
                value = "100",
                min = 0,
                meaning = "steps over which the learning rate of CLIP and of the in-modal warm-up rises",
                source = "paper: 1,000 to 10,000")
        int warmupSteps,

        @Setting(value = "0", min = 0, meaning = "steps after which any training ends, 0: no limit")
        long maxSteps) {

    /** Refuses values outside their range. */
    public TrainerSettings {
        Settings.check(TrainerSettings.class, batchSize, weightDecay, beta2, gradientClip, warmupSteps, maxSteps);
    }

    /** The default of every setting. */
    public static TrainerSettings defaults() {
        return Settings.defaults(TrainerSettings.class);
    }
}
