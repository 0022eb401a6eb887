package org.safeclip.experiments.dataset;

import org.safeclip.data.ImageHash;
import org.safeclip.experiments.image.DecodedImage;
import org.safeclip.experiments.image.ImageFormat;

/**
 * What an inspection keeps of an image.
 *
 * @param pixels hash of the pixels: equal for equal images of one size
 * @param look 64 bits that hardly change when an image is scaled or compressed again: which of the neighbours in 8 rows of 9 grey
 *     means is brighter (the difference hash)
 */
record ImageFacts(int width, int height, ImageFormat format, long pixels, long look) {
    private static final int ROWS = 8;
    private static final int COLUMNS = 9;

    static ImageFacts of(DecodedImage image) {
        return new ImageFacts(image.width(), image.height(), image.format(), ImageHash.of(image.rgb()), look(image));
    }

    private static long look(DecodedImage image) {
        long bits = 0;
        for (int row = 0; row < ROWS; row++) {
            double left = grey(image, row, 0);
            for (int column = 1; column < COLUMNS; column++) {
                double right = grey(image, row, column);
                bits = bits << 1 | (right > left ? 1 : 0);
                left = right;
            }
        }
        return bits;
    }

    /** The mean level of a cell; a cell of less than a pixel is that pixel. */
    private static double grey(DecodedImage image, int row, int column) {
        int top = row * image.height() / ROWS;
        int bottom = Math.max(top + 1, (row + 1) * image.height() / ROWS);
        int left = column * image.width() / COLUMNS;
        int right = Math.max(left + 1, (column + 1) * image.width() / COLUMNS);
        long sum = 0;
        for (int y = top; y < bottom; y++) {
            for (int at = 3 * (y * image.width() + left); at < 3 * (y * image.width() + right); at++) {
                sum += image.rgb()[at] & 0xff;
            }
        }
        return (double) sum / (bottom - top) / (right - left);
    }
}
