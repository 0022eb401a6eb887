package org.safeclip.baseline;

import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** Plain CLIP, the undefended model. */
@SettingsTable("clip")
public record ClipSettings(
        @Setting(value = "8", min = 1, meaning = "epochs") int epochs,

        @Setting(value = "2e-3", meaning = "highest learning rate; linear rise, then cosine")
        double learningRate,

        @Setting(value = "false", meaning = "the cross-view loss on two views (false: one view and the symmetric loss)")
        boolean crossView,

        @Setting(
                value = "0",
                min = 0,
                meaning = "clip-dedup drops images that are in more pairs than this; 0: data.captionsPerImage")
        int maxCopies) {

    /** Refuses values outside their range. */
    public ClipSettings {
        Settings.check(ClipSettings.class, epochs, learningRate, crossView, maxCopies);
    }

    /** The default of every setting. */
    public static ClipSettings defaults() {
        return Settings.defaults(ClipSettings.class);
    }
}
