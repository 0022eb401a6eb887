package org.safeclip.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.data.Resampling;
import org.safeclip.experiments.image.ImageFile;
import org.safeclip.experiments.source.SourceCatalogue;
import org.safeclip.experiments.source.SourceFixtures;

/** An inspection counts what is there, duplicates included, and every problem by its kind. */
class InspectionTest {
    @TempDir
    private Path folder;

    @Test
    void everythingIsCounted() throws Exception {
        Path images = SourceFixtures.folder().resolve("csv/images");
        for (int i = 0; i < 4; i++) {
            Files.copy(images.resolve(i + ".jpg"), folder.resolve(i + ".jpg"));
        }
        Files.copy(images.resolve("0.jpg"), folder.resolve("copy.jpg"));
        byte[] smaller = Resampling.BICUBIC.resizeCenterCrop(ImageFile.read(images.resolve("0.jpg")), 64, 64, 48);
        ImageFile.write(smaller, "png", folder.resolve("smaller.png"));
        Files.writeString(folder.resolve("page.jpg"), "<html>");
        Files.writeString(folder.resolve("list.csv"), """
                image,caption
                0.jpg,a dog
                0.jpg,A small dog!
                1.jpg,a dog
                2.jpg,a cat
                3.jpg,
                3.jpg,one two three four
                copy.jpg,a dog
                smaller.png,a dog
                page.jpg,a page
                none.jpg,nothing
                """);
        List<String> lines =
                Inspection.of(SourceCatalogue.STANDARD.open(folder.toString())).lines();
        assertThat(lines)
                .containsExactly(
                        folder.resolve("list.csv") + ": csv list",
                        "pairs: 7 usable of 10 rows; 6 images, 1.2 captions each",
                        "formats: PNG 1, JPEG 5",
                        "width: 48 to 64, half of them at most 64 pixels; height: 48 to 64, half of them at most 64",
                        "exact duplicates: 1 images; the largest group has 2",
                        "near duplicates (scaled or compressed again): 1 images; the largest group has 2",
                        "captions: 4 different ones of 7; 2.4 words on average (2 to 4); 8 different words",
                        "unusable images: 2 (not a PNG, JPEG, WebP, GIF or BMP image but a web page or XML: 1, there is"
                                + " no such file: 1); such as line 10: " + folder.resolve("page.jpg")
                                + ": not a PNG, JPEG, WebP, GIF or BMP image but a web page or XML",
                        "unusable rows: 1 (no caption: 1); such as line 6: no caption");
    }
}
