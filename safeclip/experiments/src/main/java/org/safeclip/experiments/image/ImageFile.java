package org.safeclip.experiments.image;

import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes image files: PNG, JPEG, WebP, GIF or BMP, recognised by their first bytes and not by their name. Transparent images
 * are composited over white; of a GIF the first frame is read, at its place on the screen. Colour profiles of RGB and CMYK images
 * are converted to sRGB; CMYK without one is taken as Pillow takes it. EXIF orientation is ignored (as in torchvision).
 */
public final class ImageFile {
    /** Larger images are refused before decoding. */
    private static final long MOST_PIXELS = 100_000_000;

    /** Larger files are refused before reading. */
    private static final long MOST_BYTES = 1L << 29;

    static {
        ImageIO.setUseCache(false); // no temporary files
    }

    private ImageFile() {}

    /** An image cannot be used; the message has the reason without the file name. */
    public static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        /** An image that cannot be used, for a reason to count by. */
        public Unreadable(String reason) {
            super(reason);
            this.reason = reason;
        }

        /** An image that cannot be used, for a reason to count by, with a detail. */
        public Unreadable(String reason, String detail) {
            super(reason + " (" + detail + ")");
            this.reason = reason;
        }

        /** The message without details, to count by. */
        public String reason() {
            return reason;
        }
    }

    /**
     * Reads an image as a square, {@code [side, side, 3]}: resizes the short side to {@code side} pixels (bicubic), then crops
     * the centre; an image of that size is not changed.
     */
    static byte[] square(Path file, int side) throws Unreadable {
        return decode(bytes(file)).square(side);
    }

    /**
     * Reads all pixels of a file, 8-bit RGB, {@code [height, width, 3]}.
     *
     * @throws IOException if the file is missing or cannot be decoded
     */
    public static byte[] read(Path file) throws IOException {
        try {
            return decode(bytes(file)).rgb();
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

    /**
     * Decodes the bytes of an image file.
     *
     * @throws Unreadable if they cannot be used
     */
    public static DecodedImage decode(byte[] bytes) throws Unreadable {
        try {
            ImageFormat format = ImageFormat.of(bytes);
            if (format == null) {
                throw new Unreadable("not a PNG, JPEG, WebP, GIF or BMP image" + ImageFormat.other(bytes));
            }
            return decoded(bytes, format);
        } catch (IOException | RuntimeException e) { // decoders throw both for damaged files
            String detail = e.getMessage();
            throw detail == null ? new Unreadable("cannot be decoded") : new Unreadable("cannot be decoded", detail);
        }
    }

    /**
     * Reads the bytes of an image file, which is neither a pipe nor a device nor larger than an image can be.
     *
     * @throws Unreadable if they cannot be read
     */
    public static byte[] bytes(Path file) throws Unreadable {
        if (!Files.exists(file)) {
            throw new Unreadable("there is no such file");
        }
        if (Files.isDirectory(file)) {
            throw new Unreadable("is a folder");
        }
        if (!Files.isRegularFile(file)) { // opening a pipe waits for a writer
            throw new Unreadable("is a pipe or a device, not a file");
        }
        try {
            refuseTooLarge(Files.size(file));
            return Files.readAllBytes(file);
        } catch (AccessDeniedException e) {
            throw new Unreadable("may not be read");
        } catch (IOException e) {
            throw new Unreadable("cannot be read", String.valueOf(e.getMessage()));
        }
    }

    /** Refuses the bytes of an image before they are read if there are too many. */
    public static void refuseTooLarge(long size) throws Unreadable {
        if (size > MOST_BYTES) {
            throw new Unreadable("too large", String.format(Locale.ROOT, "%,d bytes, at most %,d", size, MOST_BYTES));
        }
    }

    private static DecodedImage decoded(byte[] bytes, ImageFormat format) throws IOException, Unreadable {
        JpegHeader jpeg = format == ImageFormat.JPEG ? JpegHeader.of(bytes) : null;
        if (jpeg != null && !jpeg.complete()) { // the JDK's reader makes the missing part grey
            throw new Unreadable("truncated: the end of the JPEG data is missing");
        }
        if (jpeg != null && jpeg.components() == 2) {
            throw new Unreadable("a JPEG with 2 colour components, expected 1, 3 or 4");
        }
        List<String> damage = new ArrayList<>();
        ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener((_, warning) -> damage.add(warning));
            GifCanvas screen = format == ImageFormat.GIF
                    ? GifCanvas.of(bytes).around(reader.getWidth(0), reader.getHeight(0))
                    : new GifCanvas(reader.getWidth(0), reader.getHeight(0), 0, 0);
            if (screen.pixels() > MOST_PIXELS) {
                throw new Unreadable(
                        "too many pixels",
                        String.format(Locale.ROOT, "%,d, at most %,d", screen.pixels(), MOST_PIXELS));
            }
            byte[] pixels;
            if (jpeg != null && jpeg.components() == 4) {
                pixels = CmykJpeg.rgb(reader.readRaster(0, null), jpeg);
            } else {
                BufferedImage image = reader.read(0);
                pixels = screen.with(rgb(image, format == ImageFormat.PNG ? bytes : null), image.getWidth());
            }
            for (String warning : damage) {
                if (isDamage(warning)) {
                    throw new Unreadable("damaged", warning);
                }
            }
            return new DecodedImage(pixels, screen.height(), screen.width(), format);
        } finally {
            reader.dispose();
        }
    }

    /** Whether a reader's warning tells of missing or wrong pixels. Needless bytes between the segments do no harm. */
    private static boolean isDamage(String warning) {
        String words = warning.toLowerCase(Locale.ROOT);
        boolean harmless = words.contains("extraneous bytes");
        return !harmless && (words.contains("corrupt") || words.contains("premature") || words.contains("truncated"));
    }

    /** The pixels over white. The JDK's reader does not apply the colour profile of a PNG file, so its bytes are given. */
    private static byte[] rgb(BufferedImage image, byte @Nullable [] png) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] pixels = new byte[width * height * 3];
        Raster raster = image.getRaster();
        boolean grey = raster.getNumBands() <= 2 && image.getColorModel().getNumColorComponents() == 1;
        int bits = image.getColorModel().getComponentSize(0);
        boolean alpha = image.getColorModel().hasAlpha();
        byte[] covers = new byte[alpha ? width * height : 0];
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
            if (alpha) {
                covers[i] = (byte) (colour >>> 24);
            }
            pixels[3 * i] = (byte) (colour >> 16);
            pixels[3 * i + 1] = (byte) (colour >> 8);
            pixels[3 * i + 2] = (byte) colour;
        }
        ICC_Profile profile = png == null || grey ? null : ColourProfile.ofPng(png);
        if (profile != null && !ColourProfile.isSrgb(profile)) {
            byte[] converted = ColourProfile.toSrgb(profile, pixels, 3);
            pixels = converted == null ? pixels : converted;
        }
        for (int i = 0; i < covers.length; i++) {
            int cover = covers[i] & 0xff;
            for (int c = 3 * i; c < 3 * i + 3; c++) {
                pixels[c] = (byte) (((pixels[c] & 0xff) * cover + 255 * (255 - cover) + 127) / 255);
            }
        }
        return pixels;
    }
}
