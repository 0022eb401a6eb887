package org.safeclip.tensor.backend;

/**
 * Sizes of square windows sliding over images {@code [batch, channels, height, width]} with zero padding.
 *
 * @param kernel side of the window in pixels
 * @param stride distance between windows in pixels
 * @param padding pixels of zeros on every side
 */
public record WindowShape(int batch, int channels, int height, int width, int kernel, int stride, int padding) {
    /** Number of windows vertically. */
    public int outHeight() {
        return (height + 2 * padding - kernel) / stride + 1;
    }

    /** Number of windows horizontally. */
    public int outWidth() {
        return (width + 2 * padding - kernel) / stride + 1;
    }

    /** Rows of the unfolded matrix, one for each window. */
    public int rows() {
        return batch * outHeight() * outWidth();
    }

    /** Columns of the unfolded matrix, one for each element of a window. */
    public int cols() {
        return channels * kernel * kernel;
    }
}
