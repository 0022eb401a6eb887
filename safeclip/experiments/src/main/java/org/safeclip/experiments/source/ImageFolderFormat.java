package org.safeclip.experiments.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;

/** A folder for each class, named as the class; deeper folders belong to the one on top. Underscores are read as spaces. */
final class ImageFolderFormat implements LabelledFormat {
    private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp");
    private static final int DEPTH = 16;

    @Override
    public @Nullable LabelledSet open(Path folder) throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        List<Path> folders;
        try (Stream<Path> there = Files.list(root)) {
            folders = there.filter(Files::isDirectory)
                    .filter(path -> !path.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        if (folders.isEmpty()) {
            return null;
        }
        List<String> classes = new ArrayList<>();
        List<LabelledSet.Labelled> images = new ArrayList<>();
        for (Path one : folders) {
            int before = images.size();
            try (Stream<Path> files = Files.find(one, DEPTH, (path, found) -> found.isRegularFile() && isImage(path))) {
                files.sorted()
                        .forEach(file ->
                                images.add(new LabelledSet.Labelled(new FilePicture(root, file), classes.size())));
            }
            if (images.size() == before) {
                throw new InvalidInputException(one + ": a class without images; remove the folder, or add some");
            }
            classes.add(one.getFileName().toString().replace('_', ' '));
        }
        return new LabelledSet("image folders", classes, List.of(), images);
    }

    private static boolean isImage(Path path) {
        String name = path.getFileName().toString();
        return !name.startsWith(".")
                && ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }
}
