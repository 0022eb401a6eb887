package org.safeclip.experiments.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.safeclip.settings.InvalidInputException;

/** A folder that a command fills. */
final class NewFolder {
    private NewFolder() {}

    /**
     * Checks that a folder is missing or empty, so that nothing is overwritten.
     *
     * @throws InvalidInputException if it is a file or not empty
     */
    static void refuseFull(Path out) throws IOException {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new InvalidInputException(out + ": is a file where a folder is needed; choose another --out");
        }
        if (Files.isDirectory(out)) {
            try (Stream<Path> inside = Files.list(out)) {
                if (inside.findAny().isPresent()) {
                    throw new InvalidInputException(out + ": is not empty; choose another --out");
                }
            }
        }
    }
}
