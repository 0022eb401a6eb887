package org.safeclip.experiments.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;

/**
 * The binary files of CIFAR-10 and CIFAR-100: a label of one byte (CIFAR-100: coarse and fine), then 1,024 bytes each of red, green and
 * blue. The test file is read if there is one, else the training files.
 */
final class CifarFormat implements LabelledFormat {
    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;
    private static final int MOST_BYTES = 1 << 28;
    private static final String PICKLE = "cifar-10-batches-py";

    @Override
    public @Nullable LabelledSet open(Path folder) throws IOException {
        if (Files.exists(folder.resolve("test_batch.bin")) || Files.exists(folder.resolve("data_batch_1.bin"))) {
            List<Path> files = files(
                    folder,
                    "test_batch.bin",
                    "data_batch_1.bin",
                    "data_batch_2.bin",
                    "data_batch_3.bin",
                    "data_batch_4.bin",
                    "data_batch_5.bin");
            return set("CIFAR-10", folder.resolve("batches.meta.txt"), 10, files, 1);
        } else if (Files.exists(folder.resolve("test.bin")) || Files.exists(folder.resolve("train.bin"))) {
            return set(
                    "CIFAR-100",
                    folder.resolve("fine_label_names.txt"),
                    100,
                    files(folder, "test.bin", "train.bin"),
                    2);
        } else if (Files.exists(folder.resolve("batches.meta")) || Files.exists(folder.resolve("meta"))) {
            throw new InvalidInputException(folder + ": the pickled form of CIFAR (" + PICKLE
                    + "), which is a program in Python; download the binary version instead");
        }
        return null;
    }

    /** The first of some files if it is there, else all the others that are. */
    private static List<Path> files(Path folder, String test, String... train) {
        if (Files.exists(folder.resolve(test))) {
            return List.of(folder.resolve(test));
        }
        List<Path> there = new ArrayList<>();
        for (String name : train) {
            if (Files.exists(folder.resolve(name))) {
                there.add(folder.resolve(name));
            }
        }
        return there;
    }

    private static LabelledSet set(String format, Path names, int count, List<Path> files, int labels)
            throws IOException {
        if (!Files.exists(names)) {
            throw new InvalidInputException(
                    names + ": is missing; it has the names of the " + count + " classes, one a line");
        }
        List<String> classes = TextFile.lines(names);
        List<LabelledSet.Labelled> images = new ArrayList<>();
        for (Path file : files) {
            read(file, labels, classes.size(), images);
        }
        return new LabelledSet(format, classes, List.of(), images);
    }

    private static void read(Path file, int labels, int classes, List<LabelledSet.Labelled> images) throws IOException {
        byte[] bytes;
        try (InputStream in = FileStart.open(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw new InvalidInputException(
                    file + ": longer than the " + (MOST_BYTES >> 20) + " MiB of any file of CIFAR");
        }
        int record = labels + 3 * PLANE;
        if (bytes.length % record != 0) {
            throw new InvalidInputException(file + ": " + bytes.length + " bytes are no multiple of the " + record
                    + " of an image; " + bytes.length % record + " are left over: cut off, or not CIFAR's binary form");
        }
        for (int from = 0; from < bytes.length; from += record) {
            int label = bytes[from + labels - 1] & 0xff;
            String name = file + ", image " + from / record;
            if (label >= classes) {
                throw new InvalidInputException(
                        name + ": label " + label + ", but there are names of " + classes + " classes");
            }
            byte[] rgb = new byte[3 * PLANE];
            for (int i = 0; i < 3 * PLANE; i++) {
                rgb[i] = bytes[from + labels + i % 3 * PLANE + i / 3];
            }
            images.add(new LabelledSet.Labelled(new RawPicture(name, rgb, SIDE, SIDE), label));
        }
    }
}
