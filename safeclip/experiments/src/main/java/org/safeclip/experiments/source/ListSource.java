package org.safeclip.experiments.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A source in one file.
 *
 * @param format what it is
 * @param file the file
 * @param reader reads it
 */
record ListSource(String format, Path file, Reader reader) implements Source {
    /** Reads all entries of a file. */
    @FunctionalInterface
    interface Reader {
        int read(Path file, Visitor visitor) throws IOException;
    }

    @Override
    public List<Path> files() {
        return List.of(file);
    }

    @Override
    public int read(Visitor visitor) throws IOException {
        return reader.read(file, visitor);
    }
}
