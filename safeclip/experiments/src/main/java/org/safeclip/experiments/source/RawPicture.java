package org.safeclip.experiments.source;

import org.safeclip.data.ImageHash;
import org.safeclip.experiments.image.DecodedImage;
import org.safeclip.experiments.image.ImageFormat;

/** An image whose pixels are known, as in CIFAR's files: 8-bit RGB, {@code [height, width, 3]}. */
record RawPicture(String name, byte[] rgb, int height, int width) implements Picture {
    @Override
    public String stamp() {
        return Long.toHexString(ImageHash.of(rgb));
    }

    @Override
    public DecodedImage decode() {
        return new DecodedImage(rgb, height, width, ImageFormat.RAW);
    }
}
