package org.safeclip.experiments.source;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Small sets of every format, and what they hold. */
public final class SourceFixtures {
    private SourceFixtures() {}

    /** The folder of the fixtures. */
    public static Path folder() {
        try {
            return Path.of(Objects.requireNonNull(SourceFixtures.class.getResource("fixtures/csv/train.csv"))
                            .toURI())
                    .resolve("../..")
                    .normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The entries of a source. */
    record Read(int rows, List<SourcePair> pairs, List<String> leftOut) {
        static Read of(Source source) throws IOException {
            List<SourcePair> pairs = new ArrayList<>();
            List<String> leftOut = new ArrayList<>();
            int rows = source.read(new Source.Visitor() {
                @Override
                public void pair(SourcePair pair) {
                    pairs.add(pair);
                }

                @Override
                public void leftOut(String reason, String place) {
                    leftOut.add(reason);
                }
            });
            return new Read(rows, pairs, leftOut);
        }
    }

    /** Copies a folder. */
    public static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
