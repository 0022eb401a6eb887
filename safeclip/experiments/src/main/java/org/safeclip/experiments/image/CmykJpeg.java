package org.safeclip.experiments.image;

import java.awt.color.ICC_Profile;
import java.awt.image.Raster;

/**
 * Converts the four stored components of a JPEG file to RGB; the JDK's reader does not. They are inverted, as Adobe's programs
 * write them and as Pillow and others take them all: 255 is no ink.
 */
final class CmykJpeg {
    private CmykJpeg() {}

    /** 8-bit RGB, {@code [height, width, 3]}: by the file's colour profile, or without one C · K / 255 and so on. */
    static byte[] rgb(Raster stored, JpegHeader header) {
        int pixels = stored.getWidth() * stored.getHeight();
        byte[] light = new byte[pixels * 3]; // of the inks C, M and Y
        byte[] black = new byte[pixels];
        int[] row = new int[stored.getWidth() * 4];
        for (int y = 0; y < stored.getHeight(); y++) {
            stored.getPixels(0, y, stored.getWidth(), 1, row);
            for (int x = 0; x < stored.getWidth(); x++) {
                int i = y * stored.getWidth() + x;
                if (header.transformed()) {
                    unmixed(row, 4 * x);
                }
                for (int c = 0; c < 3; c++) {
                    light[3 * i + c] = (byte) row[4 * x + c];
                }
                black[i] = (byte) row[4 * x + 3];
            }
        }
        ICC_Profile profile = header.profile();
        byte[] exact = profile == null ? null : ColourProfile.toSrgb(profile, ink(light, black), 4);
        if (exact != null) {
            return exact;
        }
        for (int i = 0; i < light.length; i++) {
            light[i] = (byte) (((light[i] & 0xff) * (black[i / 3] & 0xff) + 127) / 255);
        }
        return light;
    }

    /** YCbCr to the stored, inverted CMY: 255 less red, green and blue. */
    private static void unmixed(int[] row, int at) {
        double y = row[at];
        double blue = row[at + 1] - 128;
        double red = row[at + 2] - 128;
        row[at] = level(y + 1.402 * red);
        row[at + 1] = level(y - 0.344136 * blue - 0.714136 * red);
        row[at + 2] = level(y + 1.772 * blue);
        for (int c = at; c < at + 3; c++) {
            row[c] = 255 - row[c];
        }
    }

    private static int level(double value) {
        return (int) Math.max(0, Math.min(255, Math.round(value)));
    }

    private static byte[] ink(byte[] light, byte[] black) {
        byte[] ink = new byte[black.length * 4];
        for (int i = 0; i < black.length; i++) {
            for (int c = 0; c < 3; c++) {
                ink[4 * i + c] = (byte) (255 - (light[3 * i + c] & 0xff));
            }
            ink[4 * i + 3] = (byte) (255 - (black[i] & 0xff));
        }
        return ink;
    }
}
