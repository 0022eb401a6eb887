package org.safeclip.experiments.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** A folder of images, each with its captions in a text file of the same name, one a line. Folders in it are read too. */
final class PictureFolder implements Source {
    private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp");
    private static final int DEPTH = 16;
    private static final long MOST_TEXT = 1 << 20;

    private final Path folder;

    private PictureFolder(Path folder) {
        this.folder = folder;
    }

    /** The pairs of a folder; none are looked for yet. */
    static Source of(Path folder) {
        return new PictureFolder(folder.toAbsolutePath().normalize());
    }

    /** Whether there is at least one image with a text. */
    static boolean recognises(Path folder) throws IOException {
        try (Stream<Path> images = images(folder)) {
            return images.limit(1000).anyMatch(image -> Files.exists(text(image)));
        }
    }

    @Override
    public String format() {
        return "folder of images with captions";
    }

    @Override
    public List<Path> files() {
        return List.of(folder);
    }

    @Override
    public int read(Visitor visitor) throws IOException {
        int row = 0;
        List<Path> all;
        try (Stream<Path> images = images(folder)) {
            all = images.sorted(Comparator.comparing(Path::toString)).toList();
        }
        for (Path image : all) {
            Path text = text(image);
            if (!Files.isRegularFile(text) || Files.size(text) > MOST_TEXT) {
                visitor.leftOut("no caption", image.toString());
                row++;
                continue;
            }
            String words = new String(Files.readAllBytes(text), StandardCharsets.UTF_8);
            List<String> captions = words.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            if (captions.isEmpty()) {
                visitor.leftOut("no caption", image.toString());
                row++;
            }
            for (String caption : captions) {
                visitor.pair(new SourcePair(row++, 0, image.toString(), new FilePicture(folder, image), caption));
            }
        }
        return row;
    }

    @SuppressWarnings("StreamResourceLeak") // the caller closes it
    private static Stream<Path> images(Path folder) throws IOException {
        return Files.find(
                folder,
                DEPTH,
                (path, found) -> found.isRegularFile()
                        && !path.getFileName().toString().startsWith(".")
                        && ENDINGS.contains(ending(path)));
    }

    private static String ending(Path path) {
        String name = path.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static Path text(Path image) {
        String name = image.getFileName().toString();
        return image.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".txt");
    }
}
