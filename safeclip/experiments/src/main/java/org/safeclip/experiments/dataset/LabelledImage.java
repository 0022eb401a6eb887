package org.safeclip.experiments.dataset;

/**
 * A clean training image with its class, for the linear probe.
 *
 * @param image the image
 * @param coarse index of its coarse class
 */
public record LabelledImage(StoredImage image, int coarse) {
    /** An image in memory, 8-bit RGB row by row. */
    public LabelledImage(byte[] pixels, int coarse) {
        this(StoredImage.of(pixels), coarse);
    }

    /** The pixels, 8-bit RGB row by row. */
    public byte[] pixels() {
        return image.pixels();
    }
}
