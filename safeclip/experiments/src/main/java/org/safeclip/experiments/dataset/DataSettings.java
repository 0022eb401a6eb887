package org.safeclip.experiments.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.safeclip.experiments.source.TextFile;
import org.safeclip.settings.Meaning;
import org.safeclip.settings.Setting;
import org.safeclip.settings.Settings;
import org.safeclip.settings.SettingsTable;

/** Settings of the training pairs and of the images held out of training. */
@SettingsTable("data")
public record DataSettings(
        @Meaning(
                "the embedded images, or your own pairs: a file, a folder or a pattern in any of the formats read (see README)")
        @Setting("emoji")
        String source,

        @Meaning(
                "of your own pairs: class names separated by commas, or a .txt file with one a line; an image belongs to"
                        + " the one that its caption names")
        @Setting("")
        String classes,

        @Meaning("of your own pairs: share of the images held out of training, for tests and poisons")
        @Setting(value = "0.05", range = "[0, 1)")
        double heldOutShare,

        @Meaning("of your own pairs: share of the images that may be unusable (missing, damaged, ...) and are left out;"
                + " if there are more, the list is refused")
        @Setting(value = "0.05", range = "[0, 1]")
        double maxBadShare,

        @Meaning("of your own pairs: a mask.csv written by the command poison, for the diagnostics of splits;"
                + " of the methods only CleanCLIP uses it, to select its clean pairs")
        @Setting("")
        String poisonMask,

        @Meaning(
                "of your own pairs: MiB of decoded images that may be in memory; more are kept in a file in the folder cache")
        @Setting(value = "256", range = "[0, )")
        int inMemory,

        @Meaning("folder of the files with decoded images; they are built on first use and may be deleted"
                + " (empty: safeclip in the user's folder for caches)")
        @Setting("")
        String cache,

        @Meaning("of the embedded images: the artist whose images are held out for tests and poisons;"
                + " several separated by commas")
        @Setting("twemoji")
        String heldOutArtist,

        @Meaning("captions, and so pairs, of each embedded image: the primary one and up to three"
                + " alternatives, as in COCO")
        @Setting(value = "4", range = "[1, 4]")
        int captionsPerImage) {

    /** The value of {@code source} for the embedded images. */
    public static final String EMOJI = "emoji";

    /**
     * Checks the range of every value.
     *
     * @throws org.safeclip.settings.InvalidInputException if a value is outside its range
     */
    public DataSettings {
        Settings.check(
                DataSettings.class,
                source,
                classes,
                heldOutShare,
                maxBadShare,
                poisonMask,
                inMemory,
                cache,
                heldOutArtist,
                captionsPerImage);
    }

    /** Whether the embedded images are used. */
    public boolean embedded() {
        return source.equals(EMOJI);
    }

    /** A copy whose files are found from any working folder. */
    public DataSettings absolute() {
        return Settings.with(
                this,
                Map.of(
                        "source",
                        embedded() ? source : absolute(source),
                        "classes",
                        classesInFile() ? absolute(classes) : classes,
                        "poisonMask",
                        absolute(poisonMask),
                        "cache",
                        absolute(cache)));
    }

    /**
     * A copy with the place of other settings' data, if neither are the embedded images, and with the folders of their files of classes
     * and poisons that have the same names as here.
     */
    public DataSettings movedTo(DataSettings other) {
        return embedded() || other.embedded()
                ? this
                : Settings.with(
                        this,
                        Map.of(
                                "source",
                                other.source,
                                "poisonMask",
                                sameName(poisonMask, other.poisonMask) ? other.poisonMask : poisonMask,
                                "classes",
                                classesInFile() && sameName(classes, other.classes) ? other.classes : classes));
    }

    private static boolean sameName(String one, String other) {
        return Objects.equals(Path.of(one).getFileName(), Path.of(other).getFileName());
    }

    private static String absolute(String place) {
        return place.isEmpty() || place.contains("://")
                ? place
                : Path.of(place).toAbsolutePath().normalize().toString();
    }

    private boolean classesInFile() {
        return classes.endsWith(".txt");
    }

    /**
     * The names in {@code classes}, or in the file that it names, without duplicates.
     *
     * @throws IOException if the file is missing or cannot be read
     */
    public List<String> classNames() throws IOException {
        Stream<String> names = classesInFile()
                ? TextFile.read(Path.of(classes)).lines()
                : Pattern.compile(",").splitAsStream(classes);
        return names.map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }
}
