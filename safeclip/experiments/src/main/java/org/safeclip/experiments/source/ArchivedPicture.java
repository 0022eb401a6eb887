package org.safeclip.experiments.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.safeclip.experiments.image.DecodedImage;
import org.safeclip.experiments.image.ImageFile;

/**
 * An image in a part of a file, such as a member of a tar archive.
 *
 * @param archive the file
 * @param member its name in the archive
 * @param offset first byte
 * @param length number of bytes
 */
record ArchivedPicture(Path archive, String member, long offset, long length) implements Picture {
    @Override
    public String name() {
        return archive + ", " + member;
    }

    @Override
    public String stamp() {
        return offset + " " + length; // the archive has a stamp of its own
    }

    @Override
    public DecodedImage decode() throws ImageFile.Unreadable {
        ImageFile.refuseTooLarge(length);
        ByteBuffer bytes = ByteBuffer.allocate((int) length);
        try (FileChannel file = FileChannel.open(archive)) {
            while (bytes.hasRemaining()) {
                if (file.read(bytes, offset + bytes.position()) < 0) {
                    throw new ImageFile.Unreadable("cut off by the end of the archive");
                }
            }
        } catch (IOException e) {
            throw new ImageFile.Unreadable("cannot be read", String.valueOf(e.getMessage()));
        }
        return ImageFile.decode(bytes.array());
    }
}
