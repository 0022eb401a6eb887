package org.safeclip.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Image files: PNG is lossless, greyscale values are kept, and unreadable files are refused with a reason. */
class ImageFileTest {
    @TempDir
    private Path folder;

    @Test
    void pngIsLossless() throws Exception {
        byte[] pixels = new byte[17 * 17 * 3];
        new SplittableRandom(1).nextBytes(pixels);
        Path file = folder.resolve("a.png");
        ImageFile.write(pixels, "png", file);
        assertThat(ImageFile.read(file)).isEqualTo(pixels);
        assertThat(ImageFile.square(file, 17)).isEqualTo(pixels);
        assertThat(ImageFile.square(file, 8)).hasSize(8 * 8 * 3);
    }

    /** The pixel in row 20, column 30, as Pillow reads it. */
    @ParameterizedTest
    @CsvSource({
        "gray.jpg, 252, 252, 252",
        "gray16.png, 190, 190, 190",
        "gray_alpha.png, 232, 232, 232",
        "palette.png, 153, 153, 255",
        "progressive.jpg, 80, 177, 254",
        "anim.gif, 254, 185, 62"
    })
    void unusualFormatsHaveTheRightColours(String name, int red, int green, int blue) throws Exception {
        byte[] pixels = ImageFile.read(odd(name));
        assertThat(pixels).hasSize(64 * 64 * 3);
        int at = (20 * 64 + 30) * 3;
        assertThat(pixels[at] & 0xff).isBetween(red - 1, red + 1);
        assertThat(pixels[at + 1] & 0xff).isBetween(green - 1, green + 1);
        assertThat(pixels[at + 2] & 0xff).isBetween(blue - 1, blue + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cmyk.jpg", "html_as.jpg", "lossy.webp"})
    void unreadableFormatsAreRefused(String name) throws Exception {
        Path file = odd(name);
        assertThatThrownBy(() -> ImageFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(name);
    }

    private Path odd(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = ImageFileTest.class.getResourceAsStream("odd/" + name)) {
            assertThat(in).as(name).isNotNull();
            Files.copy(in, file);
        }
        return file;
    }
}
