package org.safeclip.baseline;

import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** RoCLIP (NeurIPS 2023). */
@SettingsTable("roclip")
public record RoClipSettings(
        @Meaning("epochs") @Setting(value = "8", range = "[1, )", source = "RoCLIP: 24; here as many as CLIP")
        int epochs,

        @Meaning("highest learning rate; linear rise, then cosine")
        @Setting(value = "2e-3", range = "[0, )", source = "RoCLIP: 5e-5; here that of CLIP")
        double learningRate,

        @Meaning("rows of the pool of captions; 0: 2 % of the pairs, at least two batches")
        @Setting(value = "0", range = "[0, )", source = "RoCLIP: 2 %")
        int poolSize,

        @Meaning("every so many epochs images are matched with the nearest captions of the pool")
        @Setting(value = "2", range = "[1, )", source = "RoCLIP: 2")
        int matchEvery,

        @Meaning("the pool starts as captions of the data (false: as random directions)")
        @Setting(value = "true", source = "its release: false")
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
