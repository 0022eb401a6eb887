package org.safeclip.train;

import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;
import org.safeclip.tensor.backend.Precision;

/** How every method takes its optimiser steps. */
@SettingsTable("training")
public record TrainerSettings(
        @Meaning("pairs in an optimiser step") @Setting(value = "128", range = "[2, )", source = "paper: 128 to 512")
        int batchSize,

        @Meaning("weight decay of matrices") @Setting(value = "0.1", range = "[0, )", source = "paper")
        double weightDecay,

        @Meaning("decay of AdamW's second moment")
        @Setting(value = "0.98", range = "[0, 1)", source = "paper: 0.999; less here because steps are few")
        double beta2,

        @Meaning("largest norm of the gradient, 0: no limit")
        @Setting(value = "0", range = "[0, )", source = "paper: no limit")
        double gradientClip,

        @Meaning("steps over which the learning rate of CLIP and of the in-modal warm-up rises")
        @Setting(value = "100", range = "[0, )", source = "paper: 1,000 to 10,000")
        int warmupSteps,

        @Meaning("steps after which any training ends, 0: no limit") @Setting(value = "0", range = "[0, )")
        long maxSteps,

        @Meaning("precision of a step's large matrix products, if the device has faster ones than float32: tf32 or "
                + "bfloat16; weights, sums, losses, optimiser and the scoring of pairs stay float32")
        @Setting("float32")
        Precision precision) {

    /** Refuses values outside their range. */
    public TrainerSettings {
        Settings.check(
                TrainerSettings.class, batchSize, weightDecay, beta2, gradientClip, warmupSteps, maxSteps, precision);
    }

    /** The default of every setting. */
    public static TrainerSettings defaults() {
        return Settings.defaults(TrainerSettings.class);
    }
}
