package org.safeclip.experiments.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.experiments.dataset.Inspection;
import org.safeclip.experiments.source.Source;
import org.safeclip.experiments.source.SourceCatalogue;

/** A format of pairs is one class: recognised by its content, read, and counted like those of the program. */
class OwnSourceTest {
    @Test
    void anArrowListIsRecognisedAndInspected(@TempDir Path folder) throws IOException {
        ImageIO.write(
                new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB),
                "png",
                folder.resolve("cat.png").toFile());
        Path list = Files.write(
                folder.resolve("list"),
                List.of("cat.png -> a photo of a cat", "a line without one", "dog.png -> a dog", "cat.png -> a cat"));

        Source source = SourceCatalogue.STANDARD.with(new ArrowList()).open(list.toString());

        assertThat(source.format()).isEqualTo("arrow list");
        assertThat(Inspection.of(source).lines())
                .anyMatch(line -> line.startsWith("pairs: 2 usable of 4 rows; 1 image"))
                .anyMatch(line -> line.contains("missing"))
                .anyMatch(line -> line.contains("no arrow"));
    }
}
