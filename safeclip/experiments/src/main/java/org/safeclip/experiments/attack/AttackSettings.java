package org.safeclip.experiments.attack;

import org.safeclip.settings.InvalidInputException;
import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** Settings of the attacks. */
@SettingsTable("attack")
public record AttackSettings(
        @Meaning(
                "false: the poisons are left out of training, but the attack is tested: what it shows is the natural floor, for"
                        + " target images and triggers may look like the attacker's class by themselves")
        @Setting("true")
        boolean planted,

        @Meaning("target images of targeted poisoning, each with its own target class")
        @Setting(value = "16", source = "paper: 16")
        int targets,

        @Meaning("poisons for each target image: 0.05 % of the pairs, 0.8 % in total")
        @Setting(value = "16", source = "paper: equal shares")
        int captionsPerTarget,

        @Meaning("poisons of a backdoor: 1 % of the pairs")
        @Setting(value = "320", source = "paper: 0.05 to 0.15 %, which is 500 to 4,600 pairs there")
        int poisons,

        @Meaning(
                "honest pairs of held-out images added beside the poisons: where they are refused as well, a method refuses what is"
                        + " new, not what is false")
        @Setting(value = "0", range = "[0, )")
        int decoys,

        @Meaning("target class of a backdoor; empty: drawn from the seed") @Setting("")
        String targetClass,

        @Meaning(
                "captions of poisons: genuine captions that name the target class, templates filled with its name, mixed:"
                        + " genuine ones joined to the image's own, or similar: genuine ones that resemble each other")
        @Setting(value = "genuine", source = "paper: genuine for targeted poisoning, templates for backdoors")
        PoisonCaptions captions,

        @Meaning("weight of the noise image in blended and of the wave in sig")
        @Setting(value = "0.2", range = "(0, 1)", source = "paper")
        double blend,

        @Meaning("trigger word of the text attack; no clean caption may contain it") @Setting("cf")
        String triggerWord,

        @Meaning("checkpoint of the attacker's surrogate model, trained on clean pairs, for label-consistent-pgd")
        @Setting("")
        String surrogate,

        @Meaning("largest change of a pixel by PGD, in levels of 255")
        @Setting(value = "16", source = "Turner et al. 2019: 8 to 32")
        int pgdEpsilon,

        @Meaning("gradient steps of PGD") @Setting("20") int pgdSteps) {

    /**
     * Checks the range of every value and the letters of the trigger word.
     *
     * @throws InvalidInputException if a value is outside its range
     */
    public AttackSettings {
        Settings.check(
                AttackSettings.class,
                planted,
                targets,
                captionsPerTarget,
                poisons,
                decoys,
                targetClass,
                captions,
                blend,
                triggerWord,
                surrogate,
                pgdEpsilon,
                pgdSteps);
        Settings.require(
                planted || decoys == 0,
                AttackSettings.class,
                "decoys",
                Integer.toString(decoys),
                "0 with attack.planted=false: decoys stand beside poisons");
        Settings.require(
                triggerWord.matches("[a-z]+"),
                AttackSettings.class,
                "triggerWord",
                "\"" + triggerWord + "\"",
                "lower-case letters a to z, because captions are lower-cased for training");
    }

    /**
     * Refuses a backdoor without poisons.
     *
     * @param attack name of the attack, for the message
     * @throws InvalidInputException if there is not at least one poison
     */
    void requirePoisons(String attack) {
        if (poisons < 1) {
            throw new InvalidInputException(attack + ": attack.poisons is " + poisons + ", expected at least 1");
        }
    }
}
