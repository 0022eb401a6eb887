package org.safeclip.baseline;

import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** RoCLIP (NeurIPS 2023). */
@SettingsTable("roclip")
public record RoClipSettings(
        @Setting(value = "8", min = 1, meaning = "epochs", source = "RoCLIP: 24; here as many as CLIP")
        int epochs,

        @Setting(
                value = "2e-3",
                meaning = "highest learning rate; linear rise, then cosine",
                source = "RoCLIP: 5e-5; here that of CLIP")
        double learningRate,

        @Setting(
                value = "0",
                min = 0,
                meaning = "rows of the pool of captions; 0: 2 % of the pairs, at least two batches",
                source = "RoCLIP: 2 %")
        int poolSize,

        @Setting(
                value = "2",
                min = 1,
                meaning = "every so many epochs images are matched with the nearest captions of the pool",
                source = "RoCLIP: 2")
        int matchEvery,

        @Setting(
                value = "true",
                meaning = "the pool starts as captions of the data (false: as random directions)",
                source = "its release: false")
        boolean prefill) {

    /** Refuses values outside their range. */
    public RoClipSettings {
        Settings.check(RoClipSettings.class, epochs, learningRate, poolSize, matchEvery, prefill);
    }

    /** The default of every setting. */
    public static RoClipSettings defaults() {
        return Settings.defaults(RoClipSettings.class);
    }
}
