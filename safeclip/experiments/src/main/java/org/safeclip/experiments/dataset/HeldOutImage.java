package org.safeclip.experiments.dataset;

import java.util.List;
import org.safeclip.settings.InvalidInputException;

/**
 * An image held out of training, for tests and for poisons.
 *
 * @param image the image
 * @param captions captions, at least one
 * @param name short name of what it shows
 * @param fine index of its fine class, −1 if unknown
 * @param coarse index of its coarse class, −1 if unknown
 */
public record HeldOutImage(StoredImage image, List<String> captions, String name, int fine, int coarse) {
    /**
     * Copies the captions.
     *
     * @throws InvalidInputException if there is no caption
     */
    public HeldOutImage {
        captions = List.copyOf(captions);
        if (captions.isEmpty()) {
            throw new InvalidInputException("held-out image " + name + " has no caption: give at least one");
        }
    }

    /** A held-out image in memory, 8-bit RGB row by row. */
    public HeldOutImage(byte[] pixels, List<String> captions, String name, int fine, int coarse) {
        this(StoredImage.of(pixels), captions, name, fine, coarse);
    }

    /** The pixels, 8-bit RGB row by row. */
    public byte[] pixels() {
        return image.pixels();
    }

    /** The first caption. */
    public String caption() {
        return captions.getFirst();
    }
}
