package org.safeclip.baseline;

import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** CleanCLIP (ICCV 2023): fine-tuning of a finished CLIP. */
@SettingsTable("cleanclip")
public record CleanClipSettings(
        @Setting(
                value = "3200",
                min = 1,
                meaning = "pairs known to be clean, which no other method is given",
                source = "CleanCLIP: 100,000 for 3 million pairs")
        int pairs,

        @Setting(
                value = "10",
                min = 1,
                meaning = "epochs of fine-tuning, after those of CLIP",
                source = "CleanCLIP: 10")
        int epochs,

        @Setting(
                value = "2e-4",
                meaning = "highest learning rate of fine-tuning; linear rise, then cosine",
                source = "CleanCLIP: 1e-5, a fiftieth of its CLIP's")
        double learningRate,

        @Setting(value = "10", min = 0, meaning = "steps over which it rises", source = "CleanCLIP: 50 of 15,600")
        int warmupSteps,

        @Setting(
                value = "1",
                meaning = "weight of the in-modal loss beside that of CLIP",
                source = "CleanCLIP: 1; it tries up to 8")
        double inModalWeight) {

    /** Refuses values outside their range. */
    public CleanClipSettings {
        Settings.check(CleanClipSettings.class, pairs, epochs, learningRate, warmupSteps, inModalWeight);
    }

    /** The default of every setting. */
    public static CleanClipSettings defaults() {
        return Settings.defaults(CleanClipSettings.class);
    }
}
