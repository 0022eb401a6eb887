package org.safeclip.experiments.eval;

import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** When a model is evaluated. */
@SettingsTable("evaluation")
public record EvaluationSettings(
        @Meaning("epochs between evaluations, 0: at the end only") @Setting(value = "2", range = "[0, )")
        int every) {

    /** Refuses values outside their range. */
    public EvaluationSettings {
        Settings.check(EvaluationSettings.class, every);
    }
}
