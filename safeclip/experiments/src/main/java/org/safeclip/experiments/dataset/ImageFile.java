package org.safeclip.experiments.dataset;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Resampling;

/**
 * Reads and writes image files: PNG, JPEG, GIF or BMP, recognised by their first bytes and not by their name. Transparent images
 * are composited over white. Only the first frame is read, and EXIF orientation is ignored (as in torchvision).
 */
public final class ImageFile {
    /** Larger images are refused before decoding. */
    private static final long MOST_PIXELS = 100_000_000;

    static {
        ImageIO.setUseCache(false); // no temporary files
    }

    private ImageFile() {}

    /** An image cannot be used; the message has the reason without the file name. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String reason) {
            super(reason);
        }
    }

    /**
     * Reads an image as a square, {@code [side, side, 3]}: resizes the short side to {@code side} pixels (bicubic), then crops
     * the centre; an image of that size is not changed.
     */
    static byte[] square(Path file, int side) throws Unreadable {
        BufferedImage image = decoded(file);
        byte[] pixels = rgb(image);
        boolean fits = image.getWidth() == side && image.getHeight() == side;
        return fits ? pixels : Resampling.BICUBIC.resizeCenterCrop(pixels, image.getHeight(), image.getWidth(), side);
    }

    /**
     * Reads all pixels of a file, 8-bit RGB, {@code [height, width, 3]}.
     *
     * @throws IOException if the file is missing or cannot be decoded
     */
    public static byte[] read(Path file) throws IOException {
        try {
            return rgb(decoded(file));
        } catch (Unreadable e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes a square 8-bit RGB image.
     *
     * @param format png (lossless) or jpg
     */
    public static void write(byte[] pixels, String format, Path file) throws IOException {
        int side = (int) Math.round(Math.sqrt(pixels.length / 3.0));
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
            int colour = (pixels[3 * i] & 0xff) << 16 | (pixels[3 * i + 1] & 0xff) << 8 | (pixels[3 * i + 2] & 0xff);
            image.setRGB(i % side, i / side, colour);
        }
        if (!ImageIO.write(image, format, file.toFile())) {
            throw new IOException(file + ": this JDK cannot write " + format + " files");
        }
    }

    private static BufferedImage decoded(Path file) throws Unreadable {
        if (!Files.exists(file)) {
            throw new Unreadable("there is no such file");
        }
        if (Files.isDirectory(file)) {
            throw new Unreadable("is a folder");
        }
        try (InputStream bytes = Files.newInputStream(file);
                ImageInputStream in = ImageIO.createImageInputStream(bytes)) {
            ImageReader reader = reader(in);
            if (reader == null) {
                throw new Unreadable("not a PNG, JPEG, GIF or BMP image");
            }
            try {
                reader.setInput(in, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MOST_PIXELS) {
                    throw new Unreadable(
                            String.format(Locale.ROOT, "%,d pixels, expected at most %,d", pixels, MOST_PIXELS));
                }
                BufferedImage image = reader.read(0);
                boolean jpeg = reader.getFormatName().equalsIgnoreCase("jpeg");
                if (jpeg && image.getRaster().getNumBands() == 4) {
                    throw new Unreadable("a CMYK image, whose colours the JDK decodes incorrectly; save it as RGB");
                }
                return image;
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) { // decoders throw both for damaged files
            String reason = e.getMessage();
            throw new Unreadable("cannot be decoded" + (reason == null ? "" : " (" + reason + ")"));
        }
    }

    private static @Nullable ImageReader reader(ImageInputStream in) {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
        return readers.hasNext() ? readers.next() : null;
    }

    private static byte[] rgb(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] pixels = new byte[width * height * 3];
        Raster raster = image.getRaster();
        boolean grey = raster.getNumBands() <= 2 && image.getColorModel().getNumColorComponents() == 1;
        int bits = image.getColorModel().getComponentSize(0);
        boolean alpha = image.getColorModel().hasAlpha();
        for (int i = 0; i < width * height; i++) {
            int x = i % width;
            int y = i / width;
            int colour;
            if (grey) { // getRGB would brighten greyscale samples
                int level = raster.getSample(x, y, 0) * 255 / ((1 << bits) - 1);
                int cover = alpha ? raster.getSample(x, y, 1) * 255 / ((1 << bits) - 1) : 255;
                colour = cover << 24 | level << 16 | level << 8 | level;
            } else {
                colour = image.getRGB(x, y);
            }
            int cover = colour >>> 24;
            for (int c = 0; c < 3; c++) {
                int level = colour >> (16 - 8 * c) & 0xff;
                pixels[3 * i + c] = (byte) ((level * cover + 255 * (255 - cover) + 127) / 255);
            }
        }
        return pixels;
    }
}
