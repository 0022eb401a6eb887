package org.safeclip.selection;

import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** How pairs are ranked by agreement with others ({@link Agreement}), and what is done with the ranking; not in the paper. */
@SettingsTable("agreement")
public record AgreementSettings(
        @Meaning(
                "plain: features of pixels and words, before any training; encoded: those of the encoders after the warm-up")
        @Setting("plain")
        Features features,

        @Meaning("share of the pairs, best first, that count as vouched for: no other pair is ever matched")
        @Setting(value = "0.85", range = "(0, 1]")
        double vouched,

        @Meaning("largest share of the pairs in the safe set, instead of safeclip.cap")
        @Setting(value = "0.85", range = "(0, 1]")
        double cap,

        @Meaning("random parts of the pairs; a nearest list has at most one entry of each")
        @Setting(value = "64", range = "[2, )")
        int parts,

        @Meaning("images whose features have at least this cosine are one picture")
        @Setting(value = "0.99", range = "(0, 1]")
        double copies,

        @Meaning("nearest pictures whose captions count") @Setting(value = "4", range = "[1, 16]")
        int pictures,

        @Meaning("nearest captions whose pictures count") @Setting(value = "8", range = "[1, )")
        int captions,

        @Meaning("of these pictures, the most similar ones count") @Setting(value = "3", range = "[1, )")
        int best,

        @Meaning("pairs that the mean over all words weighs in the mean of one word")
        @Setting(value = "30", range = "[0, )")
        double prior,

        @Meaning(
                "mixed epoch before which the model once scores the pairs that are not vouched for, none of which it was trained to"
                        + " match, and confirms some; 0: never")
        @Setting(value = "0", range = "[0, )")
        int secondOpinion,

        @Meaning(
                "second opinion: a pair is confirmed where at most this share of other captions or images is nearer, in the mean"
                        + " over the scored pairs with the same image")
        @Setting(value = "0.1", range = "[0, 1]")
        double objection,

        @Meaning(
                "second opinion: images whose embeddings have at least this cosine are confirmed together or not at all")
        @Setting(value = "0.8", range = "[-1, 1]")
        double alike) {

    /** Where features come from. */
    public enum Features {
        /** Pixels and words. */
        PLAIN,
        /** The encoders, after each was trained on its own. */
        ENCODED
    }

    /** Refuses values outside their range. */
    public AgreementSettings {
        Settings.check(
                AgreementSettings.class,
                features,
                vouched,
                cap,
                parts,
                copies,
                pictures,
                captions,
                best,
                prior,
                secondOpinion,
                objection,
                alike);
    }

    /** The default of every setting. */
    public static AgreementSettings defaults() {
        return Settings.defaults(AgreementSettings.class);
    }
}
