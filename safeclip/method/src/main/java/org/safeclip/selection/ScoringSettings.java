package org.safeclip.selection;

import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** How the pairs are scored: their similarities, and the mixture that is fitted to them. */
@SettingsTable("scoring")
public record ScoringSettings(
        @Setting(
                value = "0",
                min = 0,
                meaning = "0: similarities of the clean pairs; k: mean over k random views",
                source = "release: 1")
        int draws,

        @Setting(
                value = "1e-3",
                min = 0,
                meaning = "EM stops when the mean log-likelihood changes by less than this",
                source = "paper: scikit-learn's")
        double tolerance,

        @Setting(
                value = "100",
                min = 1,
                meaning = "EM stops after this many iterations",
                source = "paper: scikit-learn's")
        int maxIterations,

        @Setting(
                value = "true",
                meaning = "keeps posteriors from falling as the similarity rises (false: as the mixture gives them)",
                source = "release: false")
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
