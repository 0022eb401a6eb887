package org.safeclip.baseline;

import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** CleanCLIP (ICCV 2023): fine-tuning of a finished CLIP. */
@SettingsTable("cleanclip")
public record CleanClipSettings(
        @Meaning("pairs known to be clean, which no other method is given")
        @Setting(value = "3200", range = "[1, )", source = "CleanCLIP: 100,000 for 3 million pairs")
        int pairs,

        @Meaning("epochs of fine-tuning, after those of CLIP")
        @Setting(value = "10", range = "[1, )", source = "CleanCLIP: 10")
        int epochs,

        @Meaning("highest learning rate of fine-tuning; linear rise, then cosine")
        @Setting(value = "2e-4", range = "[0, )", source = "CleanCLIP: 1e-5, a fiftieth of its CLIP's")
        double learningRate,

        @Meaning("steps over which it rises")
        @Setting(value = "10", range = "[0, )", source = "CleanCLIP: 50 of 15,600")
        int warmupSteps,

        @Meaning("weight of the in-modal loss beside that of CLIP")
        @Setting(value = "1", range = "[0, )", source = "CleanCLIP: 1; it tries up to 8")
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
