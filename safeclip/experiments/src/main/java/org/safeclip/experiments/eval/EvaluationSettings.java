package org.safeclip.experiments.eval;

import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** Settings of the evaluation. */
@SettingsTable("evaluation")
public record EvaluationSettings(
        @Meaning("epochs between evaluations; 0: only at the end") @Setting(value = "2", range = "[0, )")
        int every) {

    /**
     * Checks the range of the value.
     *
     * @throws org.safeclip.settings.InvalidInputException if it is negative
     */
    public EvaluationSettings {
        Settings.check(EvaluationSettings.class, every);
    }
}
