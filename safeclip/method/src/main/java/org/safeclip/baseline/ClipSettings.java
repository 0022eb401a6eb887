package org.safeclip.baseline;

import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** Plain CLIP, the undefended model. */
@SettingsTable("clip")
public record ClipSettings(
        @Meaning("epochs") @Setting(value = "8", range = "[1, )")
        int epochs,

        @Meaning("highest learning rate; linear rise, then cosine") @Setting(value = "2e-3", range = "[0, )")
        double learningRate,

        @Meaning("the cross-view loss on two views (false: one view and the symmetric loss)") @Setting("false")
        boolean crossView,

        @Meaning("clip-dedup drops images that are in more pairs than this; 0: data.captionsPerImage")
        @Setting(value = "0", range = "[0, )")
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
