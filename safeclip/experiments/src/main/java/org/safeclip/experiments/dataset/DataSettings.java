package org.safeclip.experiments.dataset;

import java.util.List;
import java.util.regex.Pattern;
import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** Which pairs are trained on, and what is kept out of training. */
@SettingsTable("data")
public record DataSettings(
        @Meaning("the embedded images, or a FILE.csv with columns image (or path) and caption") @Setting("emoji")
        String source,

        @Meaning("of a FILE.csv: class names separated by commas; an image belongs to the one that its caption "
                + "names")
        @Setting("")
        String classes,

        @Meaning("of a FILE.csv: share of the images that is kept out of training, for tests and poisons")
        @Setting(value = "0.05", range = "[0, 1)")
        double heldOutShare,

        @Meaning("of a FILE.csv: a mask.csv as the command poison writes it, for the diagnosis of splits; of the "
                + "methods only CleanCLIP uses it, which is given clean pairs")
        @Setting("")
        String poisonMask,

        @Meaning("of the embedded images: the artist whose images are never trained on (except as poisons) and are "
                + "the test; several separated by commas")
        @Setting("twemoji")
        String heldOutArtist,

        @Meaning("pairs made of each embedded image: its own caption and up to three alternatives, as in COCO")
        @Setting(value = "4", range = "[1, 4]")
        int captionsPerImage) {

    /** The source that stands for the embedded images. */
    public static final String EMOJI = "emoji";

    /** Refuses values outside their range. */
    public DataSettings {
        Settings.check(DataSettings.class, source, classes, heldOutShare, poisonMask, heldOutArtist, captionsPerImage);
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
