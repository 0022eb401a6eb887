package org.safeclip.experiments.source;

import org.safeclip.data.ImageHash;
import org.safeclip.experiments.image.DecodedImage;
import org.safeclip.experiments.image.ImageFile;

/** An image whose encoded bytes are in memory. */
record HeldPicture(String name, byte[] encoded) implements Picture {
    @Override
    public String stamp() {
        return Long.toHexString(ImageHash.of(encoded));
    }

    @Override
    public DecodedImage decode() throws ImageFile.Unreadable {
        return ImageFile.decode(encoded);
    }
}
