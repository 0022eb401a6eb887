package org.safeclip.experiments.dataset;

/**
 * Images with their classes.
 *
 * @param images indices into {@link EmojiDataset}
 * @param labels class index of each image
 */
public record LabelledIndices(int[] images, int[] labels) {

    /** The number of images. */
    public int size() {
        return images.length;
    }
}
