package org.safeclip.experiments.source;

import org.safeclip.experiments.image.DecodedImage;
import org.safeclip.experiments.image.ImageFile;

/** An image of a source: named and, when asked, read and decoded. */
public interface Picture {
    /** Where it is, for messages: a file, or a member of an archive. */
    String name();

    /** Text that changes if the image does, without decoding it. */
    String stamp();

    /**
     * Reads and decodes the image.
     *
     * @throws ImageFile.Unreadable if it cannot be used
     */
    DecodedImage decode() throws ImageFile.Unreadable;

    /** An image whose encoded bytes are in memory, as out of a compressed archive. */
    static Picture of(String name, byte[] encoded) {
        return new HeldPicture(name, encoded);
    }

    /** A place without an image that can be read, such as a web address. */
    static Picture none(String name, String reason) {
        return new MissingPicture(name, reason);
    }
}
