package org.safeclip.experiments.dataset;

import java.util.List;
import org.safeclip.data.ImageStore;

/**
 * An image by its number in a store, read on demand.
 *
 * @param store where it is
 * @param number its number there
 */
public record StoredImage(ImageStore store, int number) {
    /** An image in memory, {@code [S, S, 3]}. */
    public static StoredImage of(byte[] pixels) {
        int side = (int) Math.round(Math.sqrt(pixels.length / 3.0));
        return new StoredImage(ImageStore.of(side, List.of(pixels)), 0);
    }

    /** The pixels, 8-bit RGB row by row; the caller must not write to them. */
    public byte[] pixels() {
        return store.read(number);
    }
}
