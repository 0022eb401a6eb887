package org.safeclip.experiments.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;

/**
 * The formats of pairs. A file that none of them recognises is read as a csv list, which says what it misses.
 *
 * @param formats the formats in the order in which they are tried
 */
public record SourceCatalogue(List<SourceFormat> formats) {
    /** All formats of this program. */
    public static final SourceCatalogue STANDARD = new SourceCatalogue(List.of(
            new WebDatasetFormat(),
            new ParquetFormat(),
            new CocoFormat(),
            new VisualGenomeFormat(),
            new JsonLinesFormat(),
            new Cc3mFormat(),
            new CsvFormat()));

    /** COCO's files beside the captions: boxes, poses and sizes. */
    private static final List<String> OTHER_COCO =
            List.of("instances_", "person_keypoints_", "panoptic_", "stuff_", "image_info_");

    private static final int MOST_CANDIDATES = 1_000_000;

    /** Copies the list. */
    public SourceCatalogue {
        formats = List.copyOf(formats);
    }

    /** A catalogue with one more format, which is tried first. */
    public SourceCatalogue with(SourceFormat format) {
        List<SourceFormat> all = new ArrayList<>(formats);
        all.addFirst(format);
        return new SourceCatalogue(all);
    }

    /**
     * Recognises the pairs in a place.
     *
     * @param place a file, a folder, or a pattern such as {@code shards/{000..331}.tar} or {@code data/*.parquet}
     * @throws java.nio.file.NoSuchFileException if there is no such place
     * @throws InvalidInputException if a folder holds no pairs, or several sets of them
     */
    public Source open(String place) throws IOException {
        List<Path> files = FilePattern.files(place);
        if (files.size() == 1 && Files.isDirectory(files.getFirst())) {
            return folder(files.getFirst());
        }
        SourceFormat format = format(files.getFirst());
        if (format == null) {
            return new CsvFormat().open(files);
        }
        if (files.size() > 1 && !format.inSeveralFiles()) {
            throw new InvalidInputException(place + ": " + files.size() + " files, but " + format.name()
                    + " is read from one; name one of them");
        }
        for (Path other : files) {
            if (!format.equals(format(other))) {
                throw new InvalidInputException(other + ": is not " + format.name() + " as " + files.getFirst()
                        + " is; name files of one format");
            }
        }
        return format.open(files);
    }

    private @Nullable SourceFormat format(Path file) throws IOException {
        FileStart start = FileStart.of(file);
        for (SourceFormat format : formats) {
            if (format.recognises(start)) {
                return format;
            }
        }
        return null;
    }

    private Source folder(Path folder) throws IOException {
        Map<SourceFormat, List<Path>> found = new LinkedHashMap<>();
        for (Path file : candidates(folder)) {
            SourceFormat format = format(file);
            if (format != null) {
                found.computeIfAbsent(format, _ -> new ArrayList<>()).add(file);
            }
        }
        if (found.isEmpty()) {
            if (PictureFolder.recognises(folder)) {
                return PictureFolder.of(folder);
            }
            throw new InvalidInputException(folder + ": holds no pairs that are recognised; expected a list (csv, COCO,"
                    + " Visual Genome, JSON lines), shards (tar, Parquet), or images with texts of the same name");
        }
        List<Path> lists = found.values().stream().flatMap(List::stream).toList();
        Map.Entry<SourceFormat, List<Path>> first = found.entrySet().iterator().next();
        if (found.size() > 1 || (lists.size() > 1 && !first.getKey().inSeveralFiles())) {
            throw new InvalidInputException(
                    folder + ": holds several sets of pairs (" + named(folder, lists) + "); name the one to read");
        }
        return first.getKey().open(first.getValue());
    }

    private static String named(Path folder, List<Path> files) {
        List<String> names = files.stream()
                .limit(5)
                .map(file -> folder.relativize(file).toString())
                .toList();
        return String.join(", ", names) + (files.size() > names.size() ? ", ..." : "");
    }

    /** The files in a folder and in its folder {@code annotations}, without images. */
    private static List<Path> candidates(Path folder) throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path place : List.of(folder, folder.resolve("annotations"))) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> files = Files.list(place)) {
                    files.filter(file -> Files.isRegularFile(file)
                                    && !file.getFileName().toString().startsWith(".")
                                    && OTHER_COCO.stream()
                                            .noneMatch(file.getFileName().toString()::startsWith))
                            .sorted()
                            .limit(MOST_CANDIDATES)
                            .forEach(all::add);
                }
            }
        }
        return all;
    }
}
