package org.safeclip.experiments.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;

/**
 * IDX files, as of MNIST and Fashion-MNIST, gzipped or not: grey images and their labels. The test files are read if they are there,
 * else the training files; the classes are named by {@code classes.txt}, one a line, or else by their numbers.
 */
final class IdxFormat implements LabelledFormat {
    private static final int IMAGES = 0x803;
    private static final int LABELS = 0x801;
    private static final long MOST_BYTES = 1L << 28;

    @Override
    public @Nullable LabelledSet open(Path folder) throws IOException {
        for (String part : List.of("t10k", "test", "train")) {
            Path images = find(folder, part, "images");
            Path labels = find(folder, part, "labels");
            if (images != null && labels != null) {
                return set(folder, images, labels);
            }
        }
        return null;
    }

    private static @Nullable Path find(Path folder, String part, String what) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.startsWith(part) && name.contains(what) && name.contains("idx");
                    })
                    .sorted()
                    .findFirst()
                    .orElse(null);
        }
    }

    private static LabelledSet set(Path folder, Path images, Path labels) throws IOException {
        ByteBuffer pixels = content(images, IMAGES, 3);
        ByteBuffer classes = content(labels, LABELS, 1);
        int count = pixels.getInt(4);
        int height = pixels.getInt(8);
        int width = pixels.getInt(12);
        if (count != classes.getInt(4)) {
            throw new InvalidInputException(
                    labels + ": " + classes.getInt(4) + " labels, but " + images + " has " + count + " images");
        }
        int most = IntStream.range(0, count)
                .map(i -> classes.get(8 + i) & 0xff)
                .max()
                .orElse(0);
        List<String> names = names(folder, most + 1);
        List<LabelledSet.Labelled> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] rgb = new byte[3 * height * width];
            for (int p = 0; p < rgb.length; p++) {
                rgb[p] = pixels.get(16 + i * height * width + p / 3);
            }
            all.add(new LabelledSet.Labelled(
                    new RawPicture(images + ", image " + i, rgb, height, width), classes.get(8 + i) & 0xff));
        }
        return new LabelledSet("IDX", names, List.of(), all);
    }

    private static List<String> names(Path folder, int count) throws IOException {
        Path file = folder.resolve("classes.txt");
        if (!Files.exists(file)) {
            return IntStream.range(0, count).mapToObj(Integer::toString).toList();
        }
        List<String> names = TextFile.lines(file);
        if (names.size() < count) {
            throw new InvalidInputException(file + ": " + names.size() + " names, but labels up to " + (count - 1));
        }
        return names;
    }

    /** The whole file, whose header must fit its length. */
    private static ByteBuffer content(Path file, int magic, int dimensions) throws IOException {
        byte[] bytes;
        try (InputStream in = FileStart.open(file)) {
            bytes = in.readNBytes((int) MOST_BYTES);
        } catch (EOFException | ZipException e) {
            throw new InvalidInputException(file + ": damaged or cut off gzip data; copy it again", e);
        }
        ByteBuffer content = ByteBuffer.wrap(bytes);
        int header = 4 + 4 * dimensions;
        if (bytes.length < header || content.getInt(0) != magic) {
            throw new InvalidInputException(String.format(
                    "%s: not an IDX file of %s: expected it to begin with %08x",
                    file, dimensions == 1 ? "labels" : "grey images", magic));
        }
        long expected = 1;
        for (int d = 1; d <= dimensions; d++) {
            int size = content.getInt(4 * d);
            if (size < 0 || expected * size > MOST_BYTES) {
                throw new InvalidInputException(file + ": dimension " + d + " is " + Integer.toUnsignedLong(size));
            }
            expected *= size;
        }
        if (bytes.length - header != expected) {
            throw new InvalidInputException(
                    file + ": " + (bytes.length - header) + " bytes of data, but its header says " + expected);
        }
        return content;
    }
}
