package org.safeclip.experiments.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
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
        "anim.gif, 254, 185, 62",
        "cmyk.jpg, 255, 255, 255",
        "lossless.webp, 250, 250, 250"
    })
    void unusualFormatsHaveTheRightColours(String name, int red, int green, int blue) throws Exception {
        byte[] pixels = ImageFile.read(odd(name));
        assertThat(pixels).hasSize(64 * 64 * 3);
        int at = (20 * 64 + 30) * 3;
        assertThat(pixels[at] & 0xff).isBetween(red - 1, red + 1);
        assertThat(pixels[at + 1] & 0xff).isBetween(green - 1, green + 1);
        assertThat(pixels[at + 2] & 0xff).isBetween(blue - 1, blue + 1);
    }

    /** In an even area, since decoders interpolate the colours of lossy images at edges in different ways. */
    @Test
    void lossyWebpHasTheRightColours() throws Exception {
        byte[] pixels = ImageFile.read(odd("lossy.webp"));
        int at = (40 * 64 + 10) * 3;
        assertThat(pixels[at] & 0xff).isBetween(169, 171);
        assertThat(pixels[at + 1] & 0xff).isBetween(71, 73);
        assertThat(pixels[at + 2] & 0xff).isBetween(184, 186);
    }

    @ParameterizedTest
    @ValueSource(strings = {"html_as.jpg", "cmyk.tiff", "truncated.jpg"})
    void unreadableFormatsAreRefused(String name) throws Exception {
        Path file = odd(name);
        assertThatThrownBy(() -> ImageFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(name);
    }

    /** Both have the same samples and the profile Display P3; red is (200, 30, 30) there. */
    @Test
    void colourProfilesAreConvertedInEveryFormat() throws Exception {
        for (String name : List.of("p3.jpg", "p3.png")) {
            byte[] pixels = ImageFile.read(odd(name));
            assertThat(pixels[0] & 0xff).as(name).isBetween(217, 221);
            assertThat(pixels[1] & 0xff).as(name).isLessThan(4);
            assertThat(pixels[2] & 0xff).as(name).isBetween(3, 9);
        }
    }

    @Test
    void aFrameIsReadAtItsPlaceOnTheScreen() throws Exception {
        byte[] pixels = ImageFile.read(odd("offset.gif"));
        assertThat(pixels).hasSize(64 * 64 * 3);
        int inside = (45 * 64 + 45) * 3;
        assertThat(Arrays.copyOf(pixels, 3)).containsOnly((byte) 255);
        assertThat(Arrays.copyOfRange(pixels, inside, inside + 3)).isNotEqualTo(Arrays.copyOf(pixels, 3));
        assertThat(Arrays.copyOfRange(pixels, (39 * 64 + 45) * 3, (39 * 64 + 46) * 3))
                .containsOnly((byte) 255);
        assertThat(Arrays.copyOfRange(pixels, (56 * 64 + 45) * 3, (56 * 64 + 46) * 3))
                .containsOnly((byte) 255);
    }

    /** A frame that sticks out enlarges the screen, as in Pillow; one that fills it is the image. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0, 0, 48, 48", "48, 48, 0, 0, 48, 48", "50, 60, 2, 3, 50, 60", "10, 10, 5, 7, 53, 55"})
    void theScreenHasRoomForTheFrame(int width, int height, int left, int top, int expectedWidth, int expectedHeight)
            throws Exception {
        byte[] file = DamagedImageTest.encoded("gif", false, BufferedImage.TYPE_INT_RGB);
        byte[] frame = ImageFile.read(Files.write(folder.resolve("a.gif"), file));
        assertThat(GifCanvas.of(file)).isEqualTo(new GifCanvas(48, 48, 0, 0));
        assertThat(new GifCanvas(width, height, left, top).around(48, 48))
                .isEqualTo(new GifCanvas(expectedWidth, expectedHeight, left, top));
        byte[] screen = new GifCanvas(width, height, left, top).around(48, 48).with(frame, 48);
        int at = (top * expectedWidth + left) * 3;
        assertThat(Arrays.copyOfRange(screen, at, at + 48 * 3)).isEqualTo(Arrays.copyOf(frame, 48 * 3));
    }

    /** Inks as Adobe's programs store them, 255 being none: plain, and as YCbCr and black. */
    @ParameterizedTest
    @CsvSource({
        "255, 255, 255, 255, 255, 255, 255",
        "255, 255, 255, 0, 0, 0, 0",
        "200, 30, 30, 255, 200, 30, 30",
        "30, 200, 30, 255, 30, 200, 30",
        "255, 128, 0, 128, 128, 64, 0"
    })
    void cmykJpegHasTheRightColours(int c, int m, int y, int k, int red, int green, int blue) throws Exception {
        int[] inks = {c, m, y, k};
        double[] light = {255 - c, 255 - m, 255 - y};
        double luma = 0.299 * light[0] + 0.587 * light[1] + 0.114 * light[2];
        int[] mixed = {
            (int) Math.round(luma),
            (int) Math.round(128 + (light[2] - luma) / 1.772),
            (int) Math.round(128 + (light[0] - luma) / 1.402),
            k
        };
        for (boolean transformed : new boolean[] {false, true}) {
            Path file = folder.resolve("inks.jpg");
            Files.write(file, fourBands(transformed ? mixed : inks, transformed));
            byte[] pixels = ImageFile.read(file);
            assertThat(pixels).hasSize(16 * 16 * 3);
            assertThat(pixels[0] & 0xff).isBetween(red - 3, red + 3);
            assertThat(pixels[1] & 0xff).isBetween(green - 3, green + 3);
            assertThat(pixels[2] & 0xff).isBetween(blue - 3, blue + 3);
        }
    }

    /** A JPEG file of one colour with four components, and an Adobe segment that tells whether they are transformed. */
    private static byte[] fourBands(int[] colour, boolean transformed) throws IOException {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
        for (int i = 0; i < 256; i++) {
            raster.setPixel(i % 16, i / 16, colour);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(raster, null, null), null);
        } finally {
            writer.dispose();
        }
        byte[] adobe = {
            (byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) (transformed ? 2 : 0)
        };
        byte[] plain = bytes.toByteArray();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(plain, 0, 2);
        file.writeBytes(adobe);
        file.write(plain, 2, plain.length - 2);
        return file.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"1, 3000000", "3000000, 1", "1000000, 1", "1, 20000", "15000, 1"})
    void thinImagesAreRead(int width, int height) throws Exception {
        BufferedImage thin = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        Path file = folder.resolve("thin.png");
        ImageIO.write(thin, "png", file.toFile());
        assertThat(ImageFile.square(file, 224)).hasSize(224 * 224 * 3).containsOnly((byte) 0);
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
