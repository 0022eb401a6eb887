package org.safeclip.experiments.dataset;

import java.util.List;
import java.util.regex.Pattern;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** Which pairs are trained on, and what is kept out of training. */
@SettingsTable("data")
public record DataSettings(
        @Setting(
                value = "emoji",
                meaning = "the embedded images, or a FILE.csv with columns image (or path) and caption")
        String source,

        @Setting(
                value = "",
                meaning = "of a FILE.csv: class names separated by commas; an image belongs to the one that its caption names")
        String classes,

        @Setting(
                value = "0.05",
                min = 0,
                max = 1,
                belowMax = true,
                meaning = "of a FILE.csv: share of the images that is kept out of training, for tests and poisons")
        double heldOutShare,

        @Setting(
                value = "",
                meaning = "of a FILE.csv: a mask.csv as the command poison writes it, for the diagnosis of splits; of the"
                        + " methods only CleanCLIP uses it, which is given clean pairs")
        String poisonMask,

        @Setting(
                value = "twemoji",
                meaning = "of the embedded images: the artist whose images are never trained on (except as poisons) and"
                        + " are the test; several separated by commas")
        String heldOutArtist,

        @Setting(
                value = "4",
                min = 1,
                max = 4,
                meaning = "pairs made of each embedded image: its own caption and up to three alternatives, as in COCO")
        int captionsPerImage) {

    /** The source that stands for the embedded images. */
    public static final String EMOJI = "emoji";

    /** Refuses values outside their range. */
    public DataSettings {
        Settings.check(
                DataSettings.class, source, classes, heldOutShare, poisonMask, heldOutArtist, captionsPerImage);
    }

    /** Whether the images are those that ship with the program. */
    public boolean embedded() {
        return source.equals(EMOJI);
    }

    /** The class names. */
    public List<String> classNames() {
        return Pattern.compile(",")
                .splitAsStream(classes)
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }
}
