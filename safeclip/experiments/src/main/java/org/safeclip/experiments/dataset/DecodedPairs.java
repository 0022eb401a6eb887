package org.safeclip.experiments.dataset;

import java.io.IOException;
import java.util.List;
import org.safeclip.data.ImageStore;

/**
 * The usable pairs of a source with their images decoded to squares.
 *
 * @param images images in the order in which the source first names them
 * @param names short name of each image, {@code [K]}
 * @param imageOf number of each pair's image, {@code [N]}
 * @param rows row of each pair in the source, ascending, {@code [N]}
 * @param captions caption of each pair, {@code [N]}
 * @param count rows of the source
 * @param badImages images that cannot be used
 * @param badRows rows that are no pairs
 */
record DecodedPairs(
        ImageStore images,
        List<String> names,
        int[] imageOf,
        int[] rows,
        List<String> captions,
        int count,
        LeftOut badImages,
        LeftOut badRows) {

    /**
     * Takes decoded pairs in order.
     *
     * @param <T> what is made of an image
     */
    interface Sink<T> {
        /** The next image and its short name. */
        void image(T image, String name) throws IOException;

        /** A pair with an image taken before. */
        void pair(int row, int image, String caption) throws IOException;
    }

    /** N, the number of pairs. */
    int size() {
        return imageOf.length;
    }
}
