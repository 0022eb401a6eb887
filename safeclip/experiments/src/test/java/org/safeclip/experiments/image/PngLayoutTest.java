package org.safeclip.experiments.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every layout of pixels that a PNG file can have, without and with a colour profile. */
class PngLayoutTest {
    private static final int RED = 0xffc81e1e; // (200, 30, 30)
    private static final int RED_OF_P3 = 0xdb0006;

    @TempDir
    private Path folder;

    /** Grey, colour, palette; 1 to 16 bits; with and without alpha, over white. */
    @ParameterizedTest
    @CsvSource({
        "grey 8, ff646464, 646464",
        "grey 16, ff646464, 646464",
        "grey alpha 8, 80000000, 7f7f7f",
        "grey alpha 16, 80000000, 7f7f7f",
        "grey alpha 16, 00000000, ffffff",
        "colour 8, ffc81e1e, c81e1e",
        "colour 16, ffc81e1e, c81e1e",
        "colour alpha 8, 80ff0000, ff7f7f",
        "colour alpha 16, 80ff0000, ff7f7f",
        "colour alpha 8, 00123456, ffffff",
        "palette, ffcc3300, cc3300",
        "bits, ff000000, 000000",
        "bits, ffffffff, ffffff"
    })
    void everyLayoutIsReadOverWhite(String layout, String colour, String expected) throws Exception {
        assertThat(first(png(layout, Integer.parseUnsignedInt(colour, 16)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"colour 8", "colour 16", "colour alpha 8", "colour alpha 16", "palette of red"})
    void aProfileIsConverted(String layout) throws Exception {
        int colour = Integer.parseUnsignedInt(first(withProfile(png(layout, RED), p3())), 16);
        for (int shift = 0; shift <= 16; shift += 8) {
            assertThat(colour >> shift & 0xff).isCloseTo(RED_OF_P3 >> shift & 0xff, offset(2));
        }
    }

    /** The profile of sRGB itself, one for other components, and one that is none. */
    @ParameterizedTest
    @CsvSource({
        "colour 8, srgb",
        "colour 8, grey",
        "colour 8, none",
        "colour alpha 16, none",
        "grey 8, p3",
        "grey 16, grey"
    })
    void otherProfilesChangeNothing(String layout, String profile) throws Exception {
        byte[] icc = switch (profile) {
            case "srgb" -> ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
            case "grey" -> ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();
            case "p3" -> p3();
            default -> new byte[] {1, 2, 3};
        };
        for (int colour : new int[] {RED, 0xff000000, 0xffffffff, 0xff204060}) {
            byte[] plain = png(layout, colour);
            assertThat(first(withProfile(plain, icc))).isEqualTo(first(plain));
        }
    }

    private String first(byte[] file) throws IOException {
        byte[] pixels = ImageFile.read(Files.write(folder.resolve("a.png"), file));
        for (int i = 0; i < pixels.length; i++) {
            assertThat(pixels[i]).isEqualTo(pixels[i % 3]);
        }
        return String.format("%02x%02x%02x", pixels[0], pixels[1], pixels[2]);
    }

    /** A file of one colour. */
    private static byte[] png(String layout, int argb) throws IOException {
        BufferedImage image = image(layout, argb);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, "png", file)).isTrue();
        return file.toByteArray();
    }

    private static BufferedImage image(String layout, int argb) {
        if (layout.startsWith("palette") || layout.equals("bits")) {
            int type = layout.equals("bits") ? BufferedImage.TYPE_BYTE_BINARY : BufferedImage.TYPE_BYTE_INDEXED;
            BufferedImage image = layout.equals("palette of red")
                    ? new BufferedImage(8, 8, type, new IndexColorModel(8, 1, new int[] {argb}, 0, false, -1, 0))
                    : new BufferedImage(8, 8, type);
            for (int i = 0; i < 64; i++) {
                image.setRGB(i % 8, i / 8, argb);
            }
            return image;
        }
        boolean alpha = layout.contains("alpha");
        boolean grey = layout.startsWith("grey");
        int scale = layout.endsWith("16") ? 257 : 1;
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(grey ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB),
                alpha,
                false,
                alpha ? ColorModel.TRANSLUCENT : ColorModel.OPAQUE,
                scale == 1 ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT);
        int[] samples = grey
                ? new int[] {argb & 0xff, argb >>> 24}
                : new int[] {argb >> 16 & 0xff, argb >> 8 & 0xff, argb & 0xff, argb >>> 24};
        for (int i = 0; i < samples.length; i++) {
            samples[i] *= scale;
        }
        WritableRaster raster = model.createCompatibleWritableRaster(8, 8);
        for (int i = 0; i < 64; i++) {
            raster.setPixel(i % 8, i / 8, Arrays.copyOf(samples, raster.getNumBands()));
        }
        return new BufferedImage(model, raster, false, null);
    }

    /** The profile of Display P3. */
    private static byte[] p3() throws Exception {
        try (InputStream in = PngLayoutTest.class.getResourceAsStream("odd/p3.png")) {
            assertThat(in).isNotNull();
            ICC_Profile profile = ColourProfile.ofPng(in.readAllBytes());
            assertThat(profile).isNotNull();
            return profile.getData();
        }
    }

    /** The file with a chunk iCCP after its header; readers do not look at the checksum. */
    private static byte[] withProfile(byte[] png, byte[] profile) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("p\0\0".getBytes(StandardCharsets.ISO_8859_1));
        try (DeflaterOutputStream packed = new DeflaterOutputStream(body)) {
            packed.write(profile);
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(file)) {
            int header = 8 + 12 + 13;
            out.write(png, 0, header);
            out.writeInt(body.size());
            out.writeBytes("iCCP");
            body.writeTo(out);
            out.writeInt(0);
            out.write(png, header, png.length - header);
        }
        return file.toByteArray();
    }
}
