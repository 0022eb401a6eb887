package org.safeclip.experiments.source;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;

/** Lines of bounded length. */
final class TextLine {
    /** Longest line, in characters. */
    static final int LONGEST = 1 << 20;

    private TextLine() {}

    /**
     * The next line without its end, without a byte order mark if it is the first; null at the end of the text.
     *
     * @param number number of the line, from 1
     * @throws InvalidInputException if it is too long, or the gzip data are damaged
     */
    static @Nullable String read(Path file, BufferedReader text, long number) throws IOException {
        StringBuilder line = new StringBuilder();
        try {
            int c = text.read();
            if (c < 0) {
                return null;
            }
            for (; c >= 0 && c != '\n'; c = text.read()) {
                line.append((char) c);
                if (line.length() > LONGEST) {
                    throw new InvalidInputException(file + ", line " + number + ": longer than " + LONGEST
                            + " characters; not a list of pairs");
                }
            }
        } catch (ZipException | EOFException e) {
            throw new InvalidInputException(
                    file + ", line " + number + ": damaged or cut off gzip data; copy or pack it again", e);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return number == 1 && !line.isEmpty() && line.charAt(0) == '\uFEFF' ? line.substring(1) : line.toString();
    }
}
