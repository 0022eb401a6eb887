package org.safeclip.experiments.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.safeclip.settings.InvalidInputException;

/** Small files of text, such as settings and names of classes, which are read whole. */
public final class TextFile {
    /** Longest file, in bytes. */
    static final int LONGEST = 1 << 24;

    private TextFile() {}

    /**
     * Reads a file.
     *
     * @throws InvalidInputException if it is a folder, a pipe or a device, too long, or not UTF-8
     * @throws NoSuchFileException if there is no such file
     */
    public static String read(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) { // opening a pipe waits for a writer
            throw new InvalidInputException(file + ": is "
                    + (Files.isDirectory(file) ? "a folder" : "a pipe or a device") + "; expected a file of text");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LONGEST + 1);
        }
        if (bytes.length > LONGEST) {
            throw new InvalidInputException(
                    file + ": longer than " + (LONGEST >> 20) + " MiB; expected a small file of text");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(file + ": is not UTF-8 text", e);
        }
    }

    /** The lines of a file like {@link #read(Path)} that are not blank, without surrounding spaces. */
    static List<String> lines(Path file) throws IOException {
        return read(file)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
