package org.safeclip.experiments.source;

import org.safeclip.experiments.image.DecodedImage;
import org.safeclip.experiments.image.ImageFile;

/** A place without an image that can be read. */
record MissingPicture(String name, String reason) implements Picture {
    @Override
    public String stamp() {
        return reason;
    }

    @Override
    public DecodedImage decode() throws ImageFile.Unreadable {
        throw new ImageFile.Unreadable(reason);
    }
}
