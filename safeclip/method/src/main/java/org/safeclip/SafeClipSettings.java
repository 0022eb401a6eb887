package org.safeclip;

import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** The settings of SafeCLIP's algorithm. The defaults suit some 30,000 pairs of small images: steps count, not epochs. */
@SettingsTable("safeclip")
public record SafeClipSettings(
        @Meaning("epochs of contrast within each modality, on all pairs")
        @Setting(value = "6", range = "[0, )", source = "paper: 5 of 7,800 steps; here of 255")
        int warmupEpochs,

        @Meaning("highest learning rate of the warm-up; linear rise, then cosine")
        @Setting(value = "1.5e-3", range = "[0, )", source = "paper: 5e-4")
        double warmupLearningRate,

        @Meaning("slow epochs of the CLIP loss on all pairs")
        @Setting(value = "1", range = "[0, )", source = "paper: 1")
        int slowEpochs,

        @Meaning("learning rate of the slow epochs")
        @Setting(value = "5e-4", range = "[0, )", source = "paper: 5e-6 to 1e-4 on epochs 3 to 30 times as long")
        double slowLearningRate,

        @Meaning("epochs of in-modal contrast on the risky pairs and the CLIP loss on the safe ones")
        @Setting(value = "10", range = "[0, )", source = "paper: 26")
        int mixedEpochs,

        @Meaning("highest learning rate of the in-modal pass over the risky pairs; rise and cosine of its own")
        @Setting(value = "2e-4", range = "[0, )", source = "paper: 5e-4")
        double riskyLearningRate,

        @Meaning("highest learning rate of the CLIP pass over the safe pairs; rise and cosine of its own")
        @Setting(value = "2e-3", range = "[0, )", source = "paper: 5e-4")
        double safeLearningRate,

        @Meaning("steps over which both rise: long, so that the safe set grows before the rate is high")
        @Setting(value = "1000", range = "[0, )")
        int mixedWarmupSteps,

        @Meaning("an epoch repeats a small safe set until it has about this many steps; 0: never")
        @Setting(value = "250", range = "[0, )", source = "paper: 0")
        int safeSteps,

        @Meaning("the CLIP loss matches each of two views with the other view of the other modality")
        @Setting(value = "false", source = "release: true")
        boolean crossView,

        @Meaning("weight of the in-modal loss on the risky pairs; 0 leaves that pass out")
        @Setting(value = "1", range = "[0, )", source = "paper: 1")
        double riskyWeight,

        @Meaning("weight of the CLIP loss on the safe pairs")
        @Setting(value = "1", range = "(0, )", source = "paper: 1")
        double safeWeight,

        @Meaning("posterior that a pair needs to be in the first safe set; if that makes no batch, the most "
                + "similar 5 % are taken")
        @Setting(value = "0.9", range = "(0, 1)", source = "release: 0.9")
        double threshold,

        @Meaning("share of all pairs by which the safe set grows each epoch")
        @Setting(value = "0.2", range = "[0, 1]", source = "paper: 0.01, over 26 epochs")
        double growth,

        @Meaning("largest share of the pairs in the safe set")
        @Setting(value = "0.75", range = "(0, 1]", source = "paper: 0.85, never reached there: 0.36 to 0.47")
        double cap,

        @Meaning("the safe set does not grow past the pairs whose posterior reaches this")
        @Setting(value = "0", range = "[0, 1)", source = "paper: 0")
        double floor) {

    /** Refuses values outside their range. */
    public SafeClipSettings {
        Settings.check(
                SafeClipSettings.class,
                warmupEpochs,
                warmupLearningRate,
                slowEpochs,
                slowLearningRate,
                mixedEpochs,
                riskyLearningRate,
                safeLearningRate,
                mixedWarmupSteps,
                safeSteps,
                crossView,
                riskyWeight,
                safeWeight,
                threshold,
                growth,
                cap,
                floor);
    }

    /** The default of every setting. */
    public static SafeClipSettings defaults() {
        return Settings.defaults(SafeClipSettings.class);
    }

    /** Epochs of all three phases. */
    public int epochs() {
        return warmupEpochs + slowEpochs + mixedEpochs;
    }
}
