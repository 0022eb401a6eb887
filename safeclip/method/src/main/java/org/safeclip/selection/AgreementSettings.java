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

        @Meaning(
                "share of the pairs, best first, that count as vouched for: slow epochs match them, and the first safe set is theirs")
        @Setting(value = "0.85", range = "(0, 1]")
        double vouched,

        @Meaning("confirmed: each epoch adds the pairs that the model, which has not matched them, confirms;"
                + " vouched: as in the paper, but only pairs that others vouch for")
        @Setting("confirmed")
        Growth growth,

        @Meaning("largest share of the pairs in the safe set, instead of safeclip.cap")
        @Setting(value = "0.95", range = "(0, 1]")
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
                "a pair is confirmed where at most this share of other captions or images is nearer, in the mean over the pairs with"
                        + " the same image; twice the share where others vouch for the pair")
        @Setting(value = "0.1", range = "[0, 1]")
        double objection,

        @Meaning("images whose embeddings have at least this cosine are confirmed together or not at all")
        @Setting(value = "0.8", range = "[-1, 1]")
        double alike,

        @Meaning(
                "images whose embeddings have at least this cosine are copies: where they have n times as many pairs as is usual, an"
                        + " objection to these counts n times")
        @Setting(value = "0.95", range = "[-1, 1]")
        double crowd) {

    /** Where features come from. */
    public enum Features {
        /** Pixels and words. */
        PLAIN,
        /** The encoders, after each was trained on its own. */
        ENCODED
    }

    /** How the safe set grows. */
    public enum Growth {
        /** By pairs that the model confirms before it has matched them. */
        CONFIRMED,
        /** By the most similar of the pairs that others vouch for. */
        VOUCHED
    }

    /** Refuses values outside their range. */
    public AgreementSettings {
        Settings.check(
                AgreementSettings.class,
                features,
                vouched,
                growth,
                cap,
                parts,
                copies,
                pictures,
                captions,
                best,
                prior,
                objection,
                alike,
                crowd);
    }

    /** The largest share of the pairs that the safe set can reach. */
    public double largest() {
        return growth == Growth.VOUCHED ? Math.min(vouched, cap) : cap;
    }

    /** The default of every setting. */
    public static AgreementSettings defaults() {
        return Settings.defaults(AgreementSettings.class);
    }
}
