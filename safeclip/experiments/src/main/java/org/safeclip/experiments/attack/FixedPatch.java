package org.safeclip.experiments.attack;

import java.util.List;
import java.util.random.RandomGenerator;
import org.safeclip.settings.InvalidInputException;

/**
 * A square of fixed pixels pasted at fixed places of an image: the trigger of BadNets (Gu et al. 2017).
 *
 * @param pixels 8-bit RGB of the square, row by row, size x size x 3
 * @param size width and height of the square
 * @param places where it is pasted: one place, or the four corners
 */
public record FixedPatch(byte[] pixels, int size, List<Place> places) implements Trigger {
    /** In a smaller patch, the blur and crops of the augmentation would remove the pattern. */
    private static final int SMALLEST = 4;

    /**
     * Four quadrants of pure colour, a pattern that no clean image has in its corner. Whole quadrants instead of single pixels
     * survive crop, blur and a first convolution of stride 2; four levels of brightness survive the conversion to greyscale.
     */
    private static final int[][] QUADRANTS = {{0xFF00FF, 0x00FF00}, {0x0000FF, 0xFF0000}};

    private static final int[][] YELLOW = {{0xFFFF00}};

    /**
     * The upper left pixel of a pasted square.
     *
     * @param top row, from 0
     * @param left column, from 0
     */
    public record Place(int top, int left) {}

    /**
     * Checks that the pixels fill the square.
     *
     * @throws InvalidInputException if they do not, or there is no place or a negative one
     */
    public FixedPatch {
        places = List.copyOf(places);
        boolean outside = places.isEmpty() || places.stream().anyMatch(place -> place.top() < 0 || place.left() < 0);
        if (pixels.length != size * size * 3 || outside) {
            throw new InvalidInputException("patch: " + pixels.length + " bytes at " + places + "; expected " + size
                    + " x " + size + " x 3 bytes at places inside the image");
        }
    }

    /**
     * The coloured patch in the upper left corner: 16/224 of the side wide, 9/224 of the side from the edges. At 32 pixels it is
     * 4 wide and starts at row and column 1.
     */
    public static FixedPatch coloured(int side) {
        return new FixedPatch(painted(QUADRANTS, size(side)), size(side), List.of(corner(side)));
    }

    /** A yellow patch (R = G = 1, B = 0) in the upper left corner, with the size and place of {@link #coloured}. */
    public static FixedPatch yellow(int side) {
        return new FixedPatch(painted(YELLOW, size(side)), size(side), List.of(corner(side)));
    }

    /** A yellow patch in each of the four corners. */
    public static FixedPatch corners(int side) {
        int near = corner(side).top();
        int far = side - near - size(side);
        List<Place> places =
                List.of(new Place(near, near), new Place(near, far), new Place(far, near), new Place(far, far));
        return new FixedPatch(painted(YELLOW, size(side)), size(side), places);
    }

    /** Width of the patch in pixels: 16/224 of the image's side, at least 4. */
    static int size(int side) {
        return Math.max(SMALLEST, Math.round(side * 16 / 224f));
    }

    private static Place corner(int side) {
        int offset = Math.max(1, Math.round(side * 9 / 224f));
        return new Place(offset, offset);
    }

    private static byte[] painted(int[][] colours, int size) {
        byte[] pixels = new byte[size * size * 3];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                int colour = colours[colours.length * y / size][colours.length * x / size];
                int at = (y * size + x) * 3;
                pixels[at] = (byte) (colour >> 16);
                pixels[at + 1] = (byte) (colour >> 8);
                pixels[at + 2] = (byte) colour;
            }
        }
        return pixels;
    }

    @Override
    public float[] apply(float[] image, int side, RandomGenerator random) {
        float[] levels = Trigger.levels(pixels);
        float[] marked = image.clone();
        for (Place place : places) {
            paste(levels, size, marked, side, place);
        }
        return marked;
    }

    /**
     * Overwrites a square of {@code image}, {@code [side, side, 3]}, in place.
     *
     * @throws InvalidInputException if the square does not fit
     */
    static void paste(float[] square, int size, float[] image, int side, Place place) {
        if (place.top() + size > side || place.left() + size > side) {
            throw new InvalidInputException("patch: covers rows and columns up to "
                    + (Math.max(place.top(), place.left()) + size - 1) + ", which an image of " + side + " x " + side
                    + " does not have; make the patch for the image's size");
        }
        for (int y = 0; y < size; y++) {
            int to = ((place.top() + y) * side + place.left()) * 3;
            System.arraycopy(square, y * size * 3, image, to, size * 3);
        }
    }
}
