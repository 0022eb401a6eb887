package org.safeclip.experiments.image;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Converts 8-bit samples from an embedded colour profile to sRGB. */
final class ColourProfile {
    private static final int LARGEST = 4 << 20; // bytes; those in use have at most 2 MiB
    private static final int STRIP = 1 << 16; // pixels converted at a time
    private static final int NEAR = 2; // levels

    private ColourProfile() {}

    /** A profile, or null if these bytes are none. */
    static @Nullable ICC_Profile parse(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > LARGEST) {
            return null;
        }
        try {
            return ICC_Profile.getInstance(bytes);
        } catch (IllegalArgumentException e) {
            return null; // viewers ignore a damaged profile as well
        }
    }

    /** The profile in a PNG file, or null if it has none; it stands before the pixels. */
    static @Nullable ICC_Profile ofPng(byte[] file) {
        int at = 8;
        while (at + 12 <= file.length) {
            int length = (file[at] & 0xff) << 24
                    | (file[at + 1] & 0xff) << 16
                    | (file[at + 2] & 0xff) << 8
                    | (file[at + 3] & 0xff);
            String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
            if (type.equals("IDAT") || length < 0 || length > file.length - at - 12) {
                return null;
            }
            if (type.equals("iCCP")) {
                return inflated(file, at + 8, at + 8 + length);
            }
            at += 12 + length;
        }
        return null;
    }

    /** The body of the chunk: a name that ends with 0, the method 0, and the compressed profile. */
    private static @Nullable ICC_Profile inflated(byte[] file, int from, int to) {
        int name = from;
        while (name < to && file[name] != 0) {
            name++;
        }
        int start = Math.min(to, name + 2);
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(file, start, to - start))) {
            return parse(in.readNBytes(LARGEST + 1));
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Converts pixels to sRGB.
     *
     * @param samples {@code [pixels, components]}, of CMYK the ink
     * @return {@code [pixels, 3]}, or null if the profile is for other components or cannot be used
     */
    static byte @Nullable [] toSrgb(ICC_Profile profile, byte[] samples, int components) {
        if (profile.getNumComponents() != components) {
            return null;
        }
        try {
            ICC_Profile srgb = ((ICC_ColorSpace) ColorSpace.getInstance(ColorSpace.CS_sRGB)).getProfile();
            ColorConvertOp conversion = new ColorConvertOp(new ICC_Profile[] {profile, srgb}, null);
            int pixels = samples.length / components;
            byte[] out = new byte[pixels * 3];
            for (int from = 0; from < pixels; from += STRIP) {
                int count = Math.min(STRIP, pixels - from);
                byte[] strip = new byte[count * components];
                System.arraycopy(samples, from * components, strip, 0, strip.length);
                WritableRaster to = raster(new byte[count * 3], 3);
                conversion.filter(raster(strip, components), to);
                System.arraycopy(((DataBufferByte) to.getDataBuffer()).getData(), 0, out, from * 3, count * 3);
            }
            return out;
        } catch (CMMException | IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether samples of a profile can be taken as sRGB as they are: no colour of a grid of them differs visibly. */
    static boolean isSrgb(ICC_Profile profile) {
        int steps = 6;
        byte[] grid = new byte[steps * steps * steps * 3];
        for (int i = 0; i < grid.length; i += 3) {
            int n = i / 3;
            grid[i] = (byte) (n % steps * 51);
            grid[i + 1] = (byte) (n / steps % steps * 51);
            grid[i + 2] = (byte) (n / steps / steps * 51);
        }
        byte[] converted = toSrgb(profile, grid, 3);
        for (int i = 0; converted != null && i < grid.length; i++) {
            if (Math.abs((grid[i] & 0xff) - (converted[i] & 0xff)) > NEAR) {
                return false;
            }
        }
        return true;
    }

    private static WritableRaster raster(byte[] samples, int components) {
        int[] offsets = new int[components];
        for (int i = 0; i < components; i++) {
            offsets[i] = i;
        }
        int pixels = samples.length / components;
        return Raster.createInterleavedRaster(
                new DataBufferByte(samples, samples.length), pixels, 1, samples.length, components, offsets, null);
    }
}
