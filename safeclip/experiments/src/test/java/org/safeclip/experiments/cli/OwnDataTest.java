package org.safeclip.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.experiments.image.ImageFile;

/** A folder of one's own in the layout of COCO, from inspect to the finished report, and on after it has moved. */
class OwnDataTest {
    private static final int IMAGES = 40;
    private static final List<String> SETTINGS =
            List.of("training.batchSize=16", "data.classes=dog,cat", "data.heldOutShare=0.3", "data.maxBadShare=0.1");

    @TempDir
    private Path folder;

    @Test
    void cocoFromInspectToTheReport() throws IOException {
        Path data = folder.resolve("coco");
        writeCoco(data);
        CliResult seen = CliResult.to("inspect", "--data", data.toString());
        assertThat(seen.code()).as(seen.err()).isZero();
        assertThat(seen.out()).contains("COCO captions", "80 usable of 82 rows; 40 images, 2.0 captions each");

        CliResult trained = train(data);
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.out()).contains("80 pairs of 40 images", "1 of 41 images left out");
        Path report = folder.resolve("run/report.html");
        assertThat(report).content().contains("COCO captions", "dog", "</html>");

        Path moved = Files.move(data, folder.resolve("moved"));
        Files.delete(report);
        CliResult again = train(moved, "--resume");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(report).exists();
        Files.writeString(
                moved.resolve("annotations/captions_train2017.json"),
                Files.readString(moved.resolve("annotations/captions_train2017.json"))
                        .replace("dog", "hen"));
        assertThat(train(moved, "--resume").err()).contains("an image or a caption has changed");
    }

    private CliResult train(Path data, String... options) {
        List<String> arguments = new ArrayList<>(List.of("train", "--method", "clip", "--data", data.toString()));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--out", folder.resolve("run").toString()));
        arguments.addAll(CliResult.SMALL);
        arguments.addAll(SETTINGS);
        return CliResult.to(arguments.toArray(String[]::new));
    }

    /** Two captions an image; one image is missing. */
    private static void writeCoco(Path data) throws IOException {
        Path images = Files.createDirectories(data.resolve("train2017"));
        List<String> entries = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        for (int i = 0; i <= IMAGES; i++) {
            String name = String.format(Locale.ROOT, "%012d.jpg", i);
            if (i < IMAGES) {
                byte[] pixels = new byte[40 * 40 * 3];
                new SplittableRandom(i).nextBytes(pixels);
                ImageFile.write(pixels, "jpg", images.resolve(name));
            }
            String noun = i % 2 == 0 ? "dog" : "cat";
            entries.add("{\"id\": %d, \"file_name\": \"%s\", \"height\": 40, \"width\": 40}".formatted(i, name));
            for (String caption : List.of("a " + noun + " of number " + i, "this " + noun + " is seen ")) {
                captions.add(
                        "{\"id\": %d, \"image_id\": %d, \"caption\": \"%s\"}".formatted(captions.size(), i, caption));
            }
        }
        Files.createDirectories(data.resolve("annotations"));
        Files.writeString(
                data.resolve("annotations/captions_train2017.json"),
                "{\"images\": [" + String.join(",", entries) + "], \"annotations\": [" + String.join(",", captions)
                        + "]}");
    }
}
