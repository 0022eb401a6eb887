package org.safeclip.tensor.backend;

/**
 * Sizes of square windows sliding over pictures {@code [batch, channels, height, width]}, zero beyond the edge.
 *
 * @param kernel side of the window
 * @param stride step of the window
 * @param padding zeros on every side
 */
public record WindowShape(int batch, int channels, int height, int width, int kernel, int stride, int padding) {
    /** Windows that fit vertically. */
    public int outHeight() {
        return (height + 2 * padding - kernel) / stride + 1;
    }

    /** Windows that fit horizontally. */
    public int outWidth() {
        return (width + 2 * padding - kernel) / stride + 1;
    }

    /** Rows of the unfolded matrix: one a window. */
    public int rows() {
        return batch * outHeight() * outWidth();
    }

    /** Columns of the unfolded matrix: one a number under the window. */
    public int cols() {
        return channels * kernel * kernel;
    }
}
