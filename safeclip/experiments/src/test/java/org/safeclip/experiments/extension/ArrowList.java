package org.safeclip.experiments.extension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.safeclip.experiments.source.FileStart;
import org.safeclip.experiments.source.Picture;
import org.safeclip.experiments.source.Source;
import org.safeclip.experiments.source.SourceFormat;
import org.safeclip.experiments.source.SourcePair;

/** An example of a new data source: lines such as {@code cat.png -> a photo of a cat}. It needs only this class. */
final class ArrowList implements SourceFormat {
    private static final String ARROW = " -> ";

    @Override
    public String name() {
        return "arrow list";
    }

    @Override
    public boolean recognises(FileStart start) {
        return start.text().lines().findFirst().orElse("").contains(ARROW);
    }

    @Override
    public Source open(List<Path> files) {
        return new Lines(files);
    }

    private record Lines(List<Path> files) implements Source {
        @Override
        public String format() {
            return "arrow list";
        }

        @Override
        public int read(Visitor visitor) throws IOException {
            List<String> lines = Files.readAllLines(place());
            for (int row = 0; row < lines.size(); row++) {
                String[] parts = lines.get(row).split(ARROW, 2);
                if (parts.length < 2) {
                    visitor.leftOut("no arrow", "line " + (row + 1));
                } else {
                    Path file = Objects.requireNonNull(place().toAbsolutePath().getParent())
                            .resolve(parts[0]);
                    Picture picture = Files.exists(file)
                            ? Picture.of(parts[0], Files.readAllBytes(file))
                            : Picture.none(parts[0], "missing");
                    visitor.pair(new SourcePair(row, row + 1L, parts[0], picture, parts[1]));
                }
            }
            return lines.size();
        }
    }
}
