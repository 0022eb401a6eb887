package org.safeclip.experiments.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Small PNG files with texts in them. */
public final class PngSamples {
    private static final int HEADER = 33; // signature and IHDR

    private PngSamples() {}

    /**
     * A picture of dark random pixels.
     *
     * @param number pictures of different numbers differ; that of 0 has one colour
     * @param texts keywords, each followed by its text
     */
    public static byte[] withTexts(int width, int height, int number, String... texts) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        SplittableRandom random = new SplittableRandom(number);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, number == 0 ? 0x336699 : random.nextInt() & 0x7f7f7f);
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ImageIO.write(image, "png", plain);
        byte[] bytes = plain.toByteArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, HEADER);
        for (int i = 0; i < texts.length; i += 2) {
            chunk(texts[i] + '\0' + texts[i + 1], out);
        }
        out.write(bytes, HEADER, bytes.length - HEADER);
        return out.toByteArray();
    }

    private static void chunk(String text, ByteArrayOutputStream out) throws IOException {
        byte[] body = ("tEXt" + text).getBytes(StandardCharsets.UTF_8);
        CRC32 sum = new CRC32();
        sum.update(body);
        DataOutputStream data = new DataOutputStream(out);
        data.writeInt(body.length - 4);
        data.write(body);
        data.writeInt((int) sum.getValue());
    }
}
