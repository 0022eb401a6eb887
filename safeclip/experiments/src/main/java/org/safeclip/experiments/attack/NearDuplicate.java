package org.safeclip.experiments.attack;

import java.util.random.RandomGenerator;
import org.safeclip.data.ImageOps;
import org.safeclip.data.Resampling;

/**
 * Near-duplicates of an image, which a search for equal images does not find: mirrored or not, a random crop of at least 7/8 of the
 * side enlarged to the full side, moved by up to 1/16 of the side, brighter or darker by up to 15 %. People see the same image.
 */
public final class NearDuplicate {
    private static final float BRIGHTNESS = 0.15f;

    private NearDuplicate() {}

    /**
     * One near-duplicate.
     *
     * @param image a square 8-bit RGB image, not changed
     */
    public static byte[] of(byte[] image, RandomGenerator random) {
        int side = Trigger.side(image);
        byte[] copy = image.clone();
        if (random.nextBoolean()) {
            ImageOps.hflip(copy, side, side);
        }
        int crop = side - random.nextInt(side / 8 + 1);
        int top = random.nextInt(side - crop + 1);
        int left = random.nextInt(side - crop + 1);
        copy = Resampling.BICUBIC.resizedCrop(copy, side, top, left, crop, crop, side, side);
        int most = side / 16;
        copy = moved(copy, side, random.nextInt(-most, most + 1), random.nextInt(-most, most + 1));
        ImageOps.brightness(copy, 1 + BRIGHTNESS * (2 * random.nextFloat() - 1));
        return copy;
    }

    /** Moves an image down and right; the border is repeated. */
    private static byte[] moved(byte[] image, int side, int down, int right) {
        byte[] moved = new byte[image.length];
        for (int y = 0; y < side; y++) {
            int row = Math.clamp(y - down, 0, side - 1) * side;
            for (int x = 0; x < side; x++) {
                System.arraycopy(image, 3 * (row + Math.clamp(x - right, 0, side - 1)), moved, 3 * (y * side + x), 3);
            }
        }
        return moved;
    }
}
