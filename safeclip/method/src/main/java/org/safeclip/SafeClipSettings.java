package org.safeclip;

import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** The settings of SafeCLIP's algorithm. The defaults suit some 30,000 pairs of small images: steps count, not epochs. */
@SettingsTable("safeclip")
public record SafeClipSettings(
        @Setting(
                value = "6",
                min = 0,
                meaning = "epochs of contrast within each modality, on all pairs",
                source = "paper: 5 of 7,800 steps; here of 255")
        int warmupEpochs,

        @Setting(
                value = "1.5e-3",
                meaning = "highest learning rate of the warm-up; linear rise, then cosine",
                source = "paper: 5e-4")
        double warmupLearningRate,

        @Setting(value = "1", min = 0, meaning = "slow epochs of the CLIP loss on all pairs", source = "paper: 1")
        int slowEpochs,

        @Setting(
                value = "5e-4",
                meaning = "learning rate of the slow epochs",
                source = "paper: 5e-6 to 1e-4 on epochs 3 to 30 times as long")
        double slowLearningRate,

        @Setting(
                value = "10",
                min = 0,
                meaning = "epochs of in-modal contrast on the risky pairs and the CLIP loss on the safe ones",
                source = "paper: 26")
        int mixedEpochs,

        @Setting(
                value = "2e-4",
                meaning = "highest learning rate of the in-modal pass over the risky pairs; rise and cosine of its own",
                source = "paper: 5e-4")
        double riskyLearningRate,

        @Setting(
                value = "2e-3",
                meaning = "highest learning rate of the CLIP pass over the safe pairs; rise and cosine of its own",
                source = "paper: 5e-4")
        double safeLearningRate,

        @Setting(
                value = "1000",
                min = 0,
                meaning = "steps over which both rise: long, so that the safe set grows before the rate is high")
        int mixedWarmupSteps,

        @Setting(
                value = "250",
                min = 0,
                meaning = "an epoch repeats a small safe set until it has about this many steps; 0: never",
                source = "paper: 0")
        int safeSteps,

        @Setting(
                value = "false",
                meaning = "the CLIP loss matches each of two views with the other view of the other modality",
                source = "release: true")
        boolean crossView,

        @Setting(
                value = "1",
                min = 0,
                meaning = "weight of the in-modal loss on the risky pairs; 0 leaves that pass out",
                source = "paper: 1")
        double riskyWeight,

        @Setting(
                value = "1",
                min = 0,
                aboveMin = true,
                meaning = "weight of the CLIP loss on the safe pairs",
                source = "paper: 1")
        double safeWeight,

        @Setting(
                value = "0.9",
                min = 0,
                aboveMin = true,
                max = 1,
                belowMax = true,
                meaning =
                        "posterior that a pair needs to be in the first safe set; if that makes no batch, the most similar"
                                + " 5 % are taken",
                source = "release: 0.9")
        double threshold,

        @Setting(
                value = "0.2",
                min = 0,
                max = 1,
                meaning = "share of all pairs by which the safe set grows each epoch",
                source = "paper: 0.01, over 26 epochs")
        double growth,

        @Setting(
                value = "0.75",
                min = 0,
                aboveMin = true,
                max = 1,
                meaning = "largest share of the pairs in the safe set",
                source = "paper: 0.85, never reached there: 0.36 to 0.47")
        double cap,

        @Setting(
                value = "0",
                min = 0,
                max = 1,
                belowMax = true,
                meaning = "the safe set does not grow past the pairs whose posterior reaches this",
                source = "paper: 0")
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
