package org.safeclip.experiments.attack;

import java.util.List;
import java.util.random.RandomGenerator;
import org.safeclip.settings.InvalidInputException;

/**
 * A square of fixed pixels pasted over a picture, always at the same places: the trigger of BadNets (Gu et al. 2017).
 *
 * @param pixels 8-bit RGB of the square, row by row, size x size x 3
 * @param size width and height of the square
 * @param places where it is pasted: one place, or the four corners
 */
public record FixedPatch(byte[] pixels, int size, List<Place> places) implements Trigger {
    /** Below this the views' blur and crops would leave nothing of the pattern. */
    private static final int SMALLEST = 4;

    /**
     * Four quadrants of pure colour that no honest picture has in its corner. Whole quadrants rather than single
     * pixels: they survive crop, blur and a first convolution of stride 2; four brightnesses: they survive greying.
     */
    private static final int[][] QUADRANTS = {{0xFF00FF, 0x00FF00}, {0x0000FF, 0xFF0000}};

    private static final int[][] YELLOW = {{0xFFFF00}};

    /**
     * The upper left pixel of a pasted square.
     *
     * @param top its row
     * @param left its column
     */
    public record Place(int top, int left) {}

    /** Checks that the pixels fill the square. */
    public FixedPatch {
        places = List.copyOf(places);
        boolean outside = places.isEmpty() || places.stream().anyMatch(place -> place.top() < 0 || place.left() < 0);
        if (pixels.length != size * size * 3 || outside) {
            throw new InvalidInputException("patch: " + pixels.length + " bytes at " + places + "; expected " + size
                    + " x " + size + " x 3 bytes at places inside the picture");
        }
    }

    /**
     * The coloured patch for pictures of one size: 16 of 224 pixels wide, 9 of 224 from the upper left corner, and at 32
     * pixels 4 wide from row and column 1.
     */
    public static FixedPatch coloured(int side) {
        return new FixedPatch(painted(QUADRANTS, size(side)), size(side), List.of(corner(side)));
    }

    /** The same place in plain yellow (R = G = 1, B = 0). */
    public static FixedPatch yellow(int side) {
        return new FixedPatch(painted(YELLOW, size(side)), size(side), List.of(corner(side)));
    }

    /** The yellow patch in all four corners. */
    public static FixedPatch corners(int side) {
        int near = corner(side).top();
        int far = side - near - size(side);
        List<Place> places =
                List.of(new Place(near, near), new Place(near, far), new Place(far, near), new Place(far, far));
        return new FixedPatch(painted(YELLOW, size(side)), size(side), places);
    }

    /** The width of a patch for pictures of that side: 16 of 224. */
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
    public float[] apply(float[] picture, int side, RandomGenerator random) {
        float[] levels = Trigger.levels(pixels);
        float[] marked = picture.clone();
        for (Place place : places) {
            paste(levels, size, marked, side, place);
        }
        return marked;
    }

    /** Pastes a square of numbers at a place. */
    static void paste(float[] square, int size, float[] picture, int side, Place place) {
        if (place.top() + size > side || place.left() + size > side) {
            throw new InvalidInputException("patch: covers rows and columns up to "
                    + (Math.max(place.top(), place.left()) + size - 1) + ", which a picture of " + side + " x " + side
                    + " does not have; make the patch for the picture's size");
        }
        for (int y = 0; y < size; y++) {
            int to = ((place.top() + y) * side + place.left()) * 3;
            System.arraycopy(square, y * size * 3, picture, to, size * 3);
        }
    }
}
