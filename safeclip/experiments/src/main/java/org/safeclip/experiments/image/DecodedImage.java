package org.safeclip.experiments.image;

import org.safeclip.data.Resampling;

/**
 * An image as 8-bit RGB, {@code [height, width, 3]}.
 *
 * @param format what it was decoded from
 */
public record DecodedImage(byte[] rgb, int height, int width, ImageFormat format) {
    /**
     * The image as a square, {@code [side, side, 3]}: its short side resized to {@code side} pixels (bicubic), then the centre
     * cropped; an image of that size is not changed.
     */
    public byte[] square(int side) {
        boolean fits = width == side && height == side;
        return fits ? rgb : Resampling.BICUBIC.resizeCenterCrop(rgb, height, width, side);
    }
}
