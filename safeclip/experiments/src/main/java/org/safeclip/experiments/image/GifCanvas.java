package org.safeclip.experiments.image;

import java.util.Arrays;

/**
 * The logical screen of a GIF file and the place of its first frame on it.
 *
 * @param width width of the screen in pixels
 * @param height height of the screen in pixels
 * @param left first column of the frame
 * @param top first row of the frame
 */
record GifCanvas(int width, int height, int left, int top) {
    private static final int EXTENSION = 0x21;
    private static final int FRAME = 0x2c;

    /** Reads the blocks before the first frame. Of a file that ends there, the frame begins at (0, 0). */
    static GifCanvas of(byte[] file) {
        int width = number(file, 6);
        int height = number(file, 8);
        int flags = file.length > 10 ? file[10] : 0;
        int at = 13 + ((flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1)); // after the palette
        while (at < file.length && file[at] == EXTENSION) {
            at += 2;
            while (at < file.length && file[at] != 0) {
                at += 1 + (file[at] & 0xff);
            }
            at++;
        }
        boolean frame = at < file.length && file[at] == FRAME;
        return new GifCanvas(width, height, frame ? number(file, at + 1) : 0, frame ? number(file, at + 3) : 0);
    }

    /** The same with room for the whole frame: some writers leave the screen too small, or at 0. */
    GifCanvas around(int frameWidth, int frameHeight) {
        return new GifCanvas(Math.max(width, left + frameWidth), Math.max(height, top + frameHeight), left, top);
    }

    long pixels() {
        return (long) width * height;
    }

    /** The frame on the white screen; both are {@code [height, width, 3]}. */
    byte[] with(byte[] frame, int frameWidth) {
        if (frame.length == 3 * pixels()) {
            return frame;
        }
        byte[] screen = new byte[width * height * 3];
        Arrays.fill(screen, (byte) 255);
        int row = frameWidth * 3;
        for (int y = 0; y < frame.length / row; y++) {
            System.arraycopy(frame, y * row, screen, ((top + y) * width + left) * 3, row);
        }
        return screen;
    }

    private static int number(byte[] file, int at) {
        return at + 1 < file.length ? (file[at] & 0xff) | (file[at + 1] & 0xff) << 8 : 0;
    }
}
