package org.safeclip.experiments.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Square images as elements of a page. */
public final class Picture {
    private Picture() {}

    /** The image at a size in pixels of the page, with its text alternative. */
    static Html of(byte[] rgb, int shown, String alternative) {
        return Html.of("img")
                .with("src", dataUri(rgb))
                .with("width", Integer.toString(shown))
                .with("height", Integer.toString(shown))
                .with("alt", alternative);
    }

    /**
     * A square image as a PNG in a data address.
     *
     * @param rgb 8-bit RGB, {@code [side, side, 3]}
     */
    public static String dataUri(byte[] rgb) {
        int side = (int) Math.round(Math.sqrt(rgb.length / 3.0));
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
            int color = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
            image.setRGB(i % side, i / side, color);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        // a memory stream, because ImageIO would otherwise use a temporary file for every image
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IllegalStateException("this JDK has no PNG writer; use one with the java.desktop module");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot encode an image", e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    }
}
