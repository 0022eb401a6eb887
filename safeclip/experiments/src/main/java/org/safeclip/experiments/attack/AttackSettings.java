package org.safeclip.experiments.attack;

import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** The attacker's settings. */
@SettingsTable("attack")
public record AttackSettings(
        @Meaning("images of targeted poisoning, each with a class of its own")
        @Setting(value = "16", source = "paper: 16")
        int targets,

        @Meaning("poisons of each target: 0.05 % of the pairs, 0.8 % in all")
        @Setting(value = "16", source = "paper: the same shares")
        int captionsPerTarget,

        @Meaning("poisons of a backdoor, 1 % of the pairs")
        @Setting(value = "320", source = "paper: 0.05 to 0.15 %, which is 500 to 4,600 pairs there")
        int poisons,

        @Meaning("class that a backdoor opens; empty: drawn by the seed") @Setting("")
        String targetClass,

        @Meaning("captions of poisons: genuine ones that name the class, or templates filled with it")
        @Setting(value = "genuine", source = "paper: genuine for targeted poisoning, templates for backdoors")
        PoisonCaptions captions,

        @Meaning("share of the key in blended and of the wave in sig")
        @Setting(value = "0.2", range = "(0, 1)", source = "paper")
        double blend,

        @Meaning("word of the text trigger, one that no honest caption has") @Setting("cf")
        String triggerWord,

        @Meaning("checkpoint of the attacker's own clean model, for label-consistent-pgd") @Setting("")
        String surrogate,

        @Meaning("largest change of a pixel by PGD, in levels of 255")
        @Setting(value = "16", source = "Turner et al. 2019: 8 to 32")
        int pgdEpsilon,

        @Meaning("steps of gradient descent of PGD") @Setting("20")
        int pgdSteps) {

    /** Refuses values outside their range. */
    public AttackSettings {
        Settings.check(
                AttackSettings.class,
                targets,
                captionsPerTarget,
                poisons,
                targetClass,
                captions,
                blend,
                triggerWord,
                surrogate,
                pgdEpsilon,
                pgdSteps);
        Settings.require(
                triggerWord.matches("[a-z]+"),
                AttackSettings.class,
                "triggerWord",
                "\"" + triggerWord + "\"",
                "letters a to z, which are all that captions are trained in");
    }
}
