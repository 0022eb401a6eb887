package org.safeclip.selection;

import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** How the pairs are scored: their similarities, and the mixture that is fitted to them. */
@SettingsTable("scoring")
public record ScoringSettings(
        @Meaning("0: similarities of the clean pairs; k: mean over k random views")
        @Setting(value = "0", range = "[0, )", source = "release: 1")
        int draws,

        @Meaning("EM stops when the mean log-likelihood changes by less than this")
        @Setting(value = "1e-3", range = "[0, )", source = "paper: scikit-learn's")
        double tolerance,

        @Meaning("EM stops after this many iterations")
        @Setting(value = "100", range = "[1, )", source = "paper: scikit-learn's")
        int maxIterations,

        @Meaning("keeps posteriors from falling as the similarity rises (false: as the mixture gives them)")
        @Setting(value = "true", source = "release: false")
        boolean monotone) {

    /** Refuses values outside their range. */
    public ScoringSettings {
        Settings.check(ScoringSettings.class, draws, tolerance, maxIterations, monotone);
    }

    /** The default of every setting. */
    public static ScoringSettings defaults() {
        return Settings.defaults(ScoringSettings.class);
    }
}
