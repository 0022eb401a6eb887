package org.safeclip.experiments.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;

/** A format of images with classes. */
public interface LabelledFormat {
    /** All formats of this program, in the order in which they are tried. */
    List<LabelledFormat> ALL =
            List.of(new CifarFormat(), new IdxFormat(), new LabelsCsvFormat(), new ImageFolderFormat());

    /**
     * The images in a folder.
     *
     * @return the set; null if the folder has another format
     * @throws InvalidInputException if it has this one, but is malformed
     */
    @Nullable
    LabelledSet open(Path folder) throws IOException;

    /**
     * Recognises the images in a folder.
     *
     * @throws InvalidInputException if no format does
     */
    static LabelledSet recognise(Path folder) throws IOException {
        for (LabelledFormat format : ALL) {
            LabelledSet set = format.open(folder);
            if (set != null) {
                if (set.images().isEmpty()) {
                    throw new InvalidInputException(folder + ": " + set.format() + " without images");
                }
                return set;
            }
        }
        throw new InvalidInputException(
                folder + ": no images with classes are recognised; expected CIFAR's binary files, IDX"
                        + " files, labels.csv with classes.py, or a folder for each class");
    }
}
