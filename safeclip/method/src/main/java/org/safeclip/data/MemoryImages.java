package org.safeclip.data;

import java.util.Arrays;
import java.util.Collection;
import org.safeclip.settings.InvalidInputException;

/** Images in memory. */
final class MemoryImages implements ImageStore {
    private final int side;
    private final byte[][] images;

    /** A store that takes ownership of these arrays. */
    MemoryImages(int side, Collection<byte[]> images) {
        this(side, images.toArray(byte[][]::new));
    }

    private MemoryImages(int side, byte[][] images) {
        this.side = side;
        this.images = images;
        for (int i = 0; i < images.length; i++) {
            int expected = side * side * 3;
            if (images[i].length != expected) {
                throw new InvalidInputException("image " + i + " has " + images[i].length + " bytes, expected "
                        + expected + " (" + side + " x " + side + " x 3): resize it first");
            }
        }
    }

    /** These images followed by others. */
    MemoryImages with(MemoryImages more) {
        byte[][] all = Arrays.copyOf(images, images.length + more.images.length);
        System.arraycopy(more.images, 0, all, images.length, more.images.length);
        return new MemoryImages(side, all);
    }

    @Override
    public int size() {
        return images.length;
    }

    @Override
    public int side() {
        return side;
    }

    @Override
    public byte[] read(int image) {
        return images[image];
    }

    @Override
    public long hash(int image) {
        return ImageHash.of(images[image]);
    }
}
