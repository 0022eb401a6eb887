package org.safeclip.data;

import java.util.List;

/**
 * Square images of one size, each kept once whatever the number of pairs that show it: in memory, in a file, or wherever else they
 * can be read from by number. Several threads read at a time.
 */
public interface ImageStore {
    /** A store of images in memory; the arrays must not change afterwards. */
    static ImageStore of(int side, List<byte[]> images) {
        return new MemoryImages(side, images);
    }

    /** K, the number of images. */
    int size();

    /** S, the width and height of every image. */
    int side();

    /** The S * S * 3 bytes of an image. The caller must not write to them: a store in memory gives its own array. */
    byte[] read(int image);

    /** The {@link ImageHash} of an image. */
    long hash(int image);
}
