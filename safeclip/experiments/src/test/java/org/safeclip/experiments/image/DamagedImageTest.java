package org.safeclip.experiments.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.experiments.source.CsvText;

/** Damaged image files are refused with a reason, never half read. */
class DamagedImageTest {
    private static final int SIDE = 48;

    @TempDir
    private Path folder;

    /** A file cut off in its padding or after its last pixel may be read, but then with every pixel. */
    @ParameterizedTest
    @CsvSource({"jpeg, false", "jpeg, true", "png, false", "png, true", "gif, false", "bmp, false"})
    void aTruncatedFileIsRefusedOrWhole(String format, boolean progressive) throws Exception {
        byte[] file = encoded(format, progressive, BufferedImage.TYPE_INT_RGB);
        byte[] whole = ImageFile.read(written(file));
        int refused = 0;
        for (int i = 0; i < 40; i++) {
            int length = i < 20 ? file.length * i / 20 : file.length - (i - 19);
            Path cut = written(Arrays.copyOf(file, length));
            try {
                assertThat(ImageFile.square(cut, SIDE))
                        .as("%d of %d bytes", length, file.length)
                        .isEqualTo(whole);
            } catch (ImageFile.Unreadable e) {
                refused++;
                assertThat(e.getMessage()).isNotBlank();
            }
        }
        assertThat(refused).isGreaterThanOrEqualTo(format.equals("jpeg") ? 40 : 20);
    }

    /** Needless bytes that readers pass over: within the data before the end marker, and after it. */
    @Test
    void needlessBytesDoNoHarm() throws Exception {
        byte[] file = encoded("jpeg", false, BufferedImage.TYPE_INT_RGB);
        byte[] whole = ImageFile.read(written(file));
        ByteArrayOutputStream longer = new ByteArrayOutputStream();
        longer.write(file, 0, file.length - 2);
        longer.writeBytes(new byte[5]);
        longer.write(file, file.length - 2, 2);
        longer.writeBytes("and more".getBytes(StandardCharsets.UTF_8));
        assertThat(ImageFile.read(written(longer.toByteArray()))).isEqualTo(whole);
    }

    /** The missing part is inside, and the end marker is there. */
    @ParameterizedTest
    @ValueSource(ints = {10, 30, 50, 70, 90})
    void aHoleInTheDataIsRefused(int percent) throws Exception {
        byte[] file = encoded("jpeg", false, BufferedImage.TYPE_INT_RGB);
        int data = 700; // after the tables
        int from = data + (file.length - data) * percent / 100;
        byte[] hole = Arrays.copyOf(file, from + 2);
        hole[from] = (byte) 0xff;
        hole[from + 1] = (byte) 0xd9;
        Path cut = written(hole);
        assertThatThrownBy(() -> ImageFile.square(cut, SIDE)).hasMessageStartingWith("damaged (");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "gif", "bmp"})
    void flippedBytesEndInPixelsOrAReason(String format) throws Exception {
        byte[] file = encoded(format, false, BufferedImage.TYPE_INT_RGB);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 200; i++) {
            byte[] flipped = file.clone();
            for (int k = 0; k < 1 + i / 10; k++) {
                flipped[random.nextInt(i < 100 ? Math.min(64, file.length) : file.length)] ^=
                        (byte) (1 << random.nextInt(8));
            }
            try {
                assertThat(ImageFile.square(written(flipped), SIDE)).hasSize(SIDE * SIDE * 3);
            } catch (ImageFile.Unreadable e) {
                assertThat(e.reason()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"png, 20000, 20000", "png, 2147483647, 2147483647", "gif, 65535, 65535"})
    void moreThanAHundredMillionPixelsAreRefusedBeforeDecoding(String format, int width, int height) throws Exception {
        byte[] file = encoded(format, false, BufferedImage.TYPE_INT_RGB);
        if (format.equals("png")) {
            number(file, 16, width);
            number(file, 20, height);
        } else {
            Arrays.fill(file, 6, 10, (byte) 0xff); // the screen, not the frame
        }
        Path bomb = written(file);
        assertThatThrownBy(() -> ImageFile.square(bomb, 8))
                .isInstanceOf(ImageFile.Unreadable.class)
                .hasMessageContaining("too many pixels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/null", "/dev/zero", "/dev/tty"})
    void devicesAreNotOpened(String device) {
        assertThatThrownBy(() -> ImageFile.square(Path.of(device), 8))
                .isInstanceOf(ImageFile.Unreadable.class)
                .hasMessageMatching("is a pipe or a device, not a file|there is no such file");
    }

    @Test
    void aPipeIsNotOpened() throws Exception {
        Path pipe = folder.resolve("pipe.png");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "there is no mkfifo here");
        assertThat(new ProcessBuilder("/usr/bin/mkfifo", pipe.toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThatThrownBy(() -> ImageFile.square(pipe, 8)).hasMessageContaining("is a pipe or a device, not a file");
        assertThatThrownBy(() -> new CsvText(pipe)).hasMessageContaining("is a pipe or a device");
    }

    private static void number(byte[] file, int at, int value) {
        for (int i = 0; i < 4; i++) {
            file[at + 3 - i] = (byte) (value >>> (8 * i));
        }
    }

    private Path written(byte[] file) throws IOException {
        return Files.write(folder.resolve("image"), file);
    }

    static byte[] encoded(String format, boolean progressive, int type) throws IOException {
        BufferedImage image = new BufferedImage(SIDE, SIDE, type);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < SIDE * SIDE; i++) {
            int x = i % SIDE;
            int y = i / SIDE;
            image.setRGB(x, y, 0xff000000 | x * 5 << 16 | y * 5 << 8 | random.nextInt(8) * 32);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format.toLowerCase(Locale.ROOT))
                .next();
        ImageWriteParam how = writer.getDefaultWriteParam();
        if (progressive) {
            how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        }
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), how);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
