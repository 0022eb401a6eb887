package org.safeclip.experiments.attack;

import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** The attacker's settings. */
@SettingsTable("attack")
public record AttackSettings(
        @Setting(
                value = "16",
                meaning = "images of targeted poisoning, each with a class of its own",
                source = "paper: 16")
        int targets,

        @Setting(
                value = "16",
                meaning = "poisons of each target: 0.05 % of the pairs, 0.8 % in all",
                source = "paper: the same shares")
        int captionsPerTarget,

        @Setting(
                value = "320",
                meaning = "poisons of a backdoor, 1 % of the pairs",
                source = "paper: 0.05 to 0.15 %, which is 500 to 4,600 pairs there")
        int poisons,

        @Setting(value = "", meaning = "class that a backdoor opens; empty: drawn by the seed") String targetClass,

        @Setting(
                value = "genuine",
                meaning = "captions of poisons: genuine ones that name the class, or templates filled with it",
                source = "paper: genuine for targeted poisoning, templates for backdoors")
        PoisonCaptions captions,

        @Setting(
                value = "0.2",
                min = 0,
                aboveMin = true,
                max = 1,
                belowMax = true,
                meaning = "share of the key in blended and of the wave in sig",
                source = "paper")
        double blend,

        @Setting(value = "cf", meaning = "word of the text trigger, one that no honest caption has") String triggerWord,

        @Setting(
                value = "",
                meaning = "checkpoint of the attacker's own clean model, for label-consistent-pgd")
        String surrogate,

        @Setting(
                value = "16",
                meaning = "largest change of a pixel by PGD, in levels of 255",
                source = "Turner et al. 2019: 8 to 32")
        int pgdEpsilon,

        @Setting(value = "20", meaning = "steps of gradient descent of PGD") int pgdSteps) {

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
