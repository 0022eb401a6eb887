package org.safeclip.attack;

/**
 * A square of fixed pixels pasted over a picture, always at the same place: the trigger of the fixed-patch backdoor.
 *
 * @param pixels 8-bit RGB of the square, row by row, size x size x 3
 * @param size width and height of the square
 * @param top first row it covers
 * @param left first column it covers
 */
public record Patch(byte[] pixels, int size, int top, int left) {
    /** Below this the views' blur and crops would leave nothing of the pattern. */
    private static final int SMALLEST = 4;

    /**
     * Four quadrants of pure colour that no honest picture has in its corner. Whole quadrants rather than single
     * pixels: they survive crop, blur and a first convolution of stride 2; four brightnesses: they survive greying.
     */
    private static final int[][] QUADRANTS = {{0xFF00FF, 0x00FF00}, {0x0000FF, 0xFF0000}};

    /** Checks that the pixels fill the square. */
    public Patch {
        if (pixels.length != size * size * 3 || top < 0 || left < 0) {
            throw new IllegalArgumentException("patch: " + pixels.length + " bytes at row " + top + ", column " + left
                    + "; expected " + size + " x " + size + " x 3 bytes at a place inside the picture");
        }
    }

    /**
     * The standard patch for pictures of one size: 16 of 224 pixels wide, 9 of 224 from the corner, and at 32 pixels 4
     * wide from row and column 1.
     */
    public static Patch forSide(int side) {
        int size = Math.max(SMALLEST, Math.round(side * 16 / 224f));
        int offset = Math.max(1, Math.round(side * 9 / 224f));
        byte[] pixels = new byte[size * size * 3];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                int colour = QUADRANTS[2 * y / size][2 * x / size];
                int at = (y * size + x) * 3;
                pixels[at] = (byte) (colour >> 16);
                pixels[at + 1] = (byte) (colour >> 8);
                pixels[at + 2] = (byte) colour;
            }
        }
        return new Patch(pixels, size, offset, offset);
    }

    /** A copy of a square picture with the patch pasted over it. */
    public byte[] stamp(byte[] picture) {
        int side = (int) Math.sqrt(picture.length / 3.0);
        if (side * side * 3 != picture.length || top + size > side || left + size > side) {
            throw new IllegalArgumentException("patch: covers rows and columns up to "
                    + (Math.max(top, left) + size - 1) + ", which a picture of " + picture.length
                    + " bytes does not have; make the patch for the picture's size");
        }
        byte[] stamped = picture.clone();
        for (int y = 0; y < size; y++) {
            System.arraycopy(pixels, y * size * 3, stamped, ((top + y) * side + left) * 3, size * 3);
        }
        return stamped;
    }
}
