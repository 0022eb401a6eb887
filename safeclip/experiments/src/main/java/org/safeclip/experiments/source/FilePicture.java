package org.safeclip.experiments.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.safeclip.experiments.image.DecodedImage;
import org.safeclip.experiments.image.ImageFile;

/**
 * An image in a file of its own.
 *
 * @param folder folder that the file must be in, also when symbolic links are followed: lists may come from untrusted sources
 * @param file the file
 */
record FilePicture(Path folder, Path file) implements Picture {
    /** The image that a list in a folder names; one without an image if the name leads out of the folder or is none. */
    static Picture in(Path folder, String name) {
        try {
            Path file = folder.resolve(name).normalize();
            return file.startsWith(folder)
                    ? new FilePicture(folder, file)
                    : Picture.none(name, "is outside the folder of the list");
        } catch (InvalidPathException e) {
            return Picture.none(name, "not a file name");
        }
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public String stamp() {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return found.size() + " " + found.lastModifiedTime().toMillis();
        } catch (IOException e) {
            return "missing";
        }
    }

    @Override
    public DecodedImage decode() throws ImageFile.Unreadable {
        try {
            if (Files.exists(file) && !file.toRealPath().startsWith(folder.toRealPath())) {
                throw new ImageFile.Unreadable("a symbolic link out of the folder of the list");
            }
        } catch (IOException e) {
            throw new ImageFile.Unreadable("cannot be found", String.valueOf(e.getMessage()));
        }
        return ImageFile.decode(ImageFile.bytes(file));
    }
}
