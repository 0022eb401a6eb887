package org.safeclip.data;

import java.util.stream.IntStream;

/**
 * A filter for resizing 8-bit RGB images as Pillow does it: the filter widens when the image shrinks (antialias),
 * the horizontal pass comes first, weights are fixed-point, and 8 bits are kept between the passes.
 */
public enum Resampling {
    /** 1 - |x| within 1. */
    BILINEAR(1),
    /** Keys' cubic with a = -0.5, within 2. */
    BICUBIC(2);

    private static final int FRACTION = 22; // bits: 255 * 2^22 * (sum of |weights|) stays below 2^31
    private static final int HALF = 1 << (FRACTION - 1);

    private static final int FEW = 4;

    private final int reach;

    Resampling(int reach) {
        this.reach = reach;
    }

    /** The whole image at a new size. */
    public byte[] resize(byte[] px, int height, int width, int newHeight, int newWidth) {
        return resizedCrop(px, width, 0, 0, height, width, newHeight, newWidth);
    }

    /**
     * The box of {@code cropHeight} x {@code cropWidth} pixels at (top, left) of an image {@code width} wide, resized.
     * Pixels outside the box are not looked at.
     */
    public byte[] resizedCrop(
            byte[] px, int width, int top, int left, int cropHeight, int cropWidth, int newHeight, int newWidth) {
        Weights across = weights(cropWidth, newWidth, 0, newWidth);
        Weights down = weights(cropHeight, newHeight, 0, newHeight);
        return filtered(px, width, top, left, cropHeight, across, down);
    }

    /** The horizontal pass over {@code rows} rows from (top, left) on, then the vertical one. */
    private static byte[] filtered(byte[] px, int width, int top, int left, int rows, Weights across, Weights down) {
        int row = across.first.length * 3;
        int[] narrow = new int[rows * row]; // levels after the horizontal pass
        for (int y = 0; y < rows; y++) {
            int line = ((top + y) * width + left) * 3;
            if (across.taps == FEW) {
                fewAcross(across, px, line, narrow, y * row);
            } else {
                across(across, px, line, narrow, y * row);
            }
        }
        byte[] out = new byte[down.first.length * row];
        for (int y = 0; y < down.first.length; y++) {
            if (down.taps == FEW) {
                fewDown(down, y, narrow, row, out);
            } else {
                down(down, y, narrow, row, out);
            }
        }
        return out;
    }

    private static void across(Weights weights, byte[] px, int line, int[] out, int at) {
        for (int x = 0; x < weights.first.length; x++) {
            for (int c = 0; c < 3; c++) {
                int from = line + weights.first[x] * 3 + c;
                int sum = HALF;
                for (int k = 0; k < weights.taps; k++) {
                    sum += weights.values[x * weights.taps + k] * (px[from + 3 * k] & 0xff);
                }
                out[at + 3 * x + c] = level(sum);
            }
        }
    }

    private static void down(Weights weights, int y, int[] narrow, int row, byte[] out) {
        int from = weights.first[y] * row;
        for (int j = 0; j < row; j++) {
            int sum = HALF;
            for (int k = 0; k < weights.taps; k++) {
                sum += weights.values[y * weights.taps + k] * narrow[from + k * row + j];
            }
            out[y * row + j] = (byte) level(sum);
        }
    }

    // Enlarging never needs more than four taps, and every random crop enlarges: written out, it is twice as fast.

    private static void fewAcross(Weights weights, byte[] px, int line, int[] out, int at) {
        int[] w = weights.values;
        for (int x = 0; x < weights.first.length; x++) {
            int k = x * FEW;
            int w0 = w[k];
            int w1 = w[k + 1];
            int w2 = w[k + 2];
            int w3 = w[k + 3];
            int from = line + weights.first[x] * 3;
            int to = at + 3 * x;
            for (int c = 0; c < 3; c++, from++) {
                int sum = w0 * (px[from] & 0xff) + w1 * (px[from + 3] & 0xff);
                sum += w2 * (px[from + 6] & 0xff) + w3 * (px[from + 9] & 0xff);
                out[to + c] = level(sum + HALF);
            }
        }
    }

    private static void fewDown(Weights weights, int y, int[] narrow, int row, byte[] out) {
        int[] w = weights.values;
        int w0 = w[y * FEW];
        int w1 = w[y * FEW + 1];
        int w2 = w[y * FEW + 2];
        int w3 = w[y * FEW + 3];
        int from = weights.first[y] * row;
        int to = y * row;
        for (int j = 0; j < row; j++) {
            int sum = w0 * narrow[from + j] + w1 * narrow[from + row + j];
            sum += w2 * narrow[from + 2 * row + j] + w3 * narrow[from + 3 * row + j];
            out[to + j] = (byte) level(sum + HALF);
        }
    }

    /**
     * Short side to {@code size}, then the middle square of it. Only the pixels that the square depends on are looked at, so the
     * memory needed does not grow with the ratio of the sides.
     */
    public byte[] resizeCenterCrop(byte[] px, int height, int width, int size) {
        long newHeight = height <= width ? size : (long) size * height / width;
        long newWidth = height <= width ? (long) size * width / height : size;
        long top = (long) Math.rint((newHeight - size) / 2.0);
        long left = (long) Math.rint((newWidth - size) / 2.0);
        Weights across = weights(width, newWidth, left, size);
        Weights down = weights(height, newHeight, top, size);
        int firstRow = down.first[0];
        int rows = down.first[size - 1] + down.taps - firstRow;
        return filtered(px, width, firstRow, 0, rows, across, down.from(firstRow));
    }

    /** For each of the new positions: where it starts to look and {@code taps} weights, 0 where it looks no more. */
    private record Weights(int taps, int[] first, int[] values) {
        /** These weights for an image without its first lines. */
        Weights from(int line) {
            return new Weights(taps, IntStream.of(first).map(i -> i - line).toArray(), values);
        }
    }

    /** The weights of {@code count} of the new positions, from {@code start} on. */
    private Weights weights(int size, long newSize, long start, int count) {
        double scale = (double) size / newSize;
        double widened = Math.max(scale, 1);
        double support = reach * widened;
        int most = scale <= 1 ? FEW : (int) Math.ceil(support) * 2 + 1;
        int taps = Math.min(size, most);
        int[] first = new int[count];
        int[] values = new int[count * taps];
        double[] raw = new double[taps];
        for (int i = 0; i < count; i++) {
            double centre = (start + i + .5) * scale;
            int from = Math.max(0, (int) (centre - support + .5));
            // Rounding may count one position more, whose weight is 0.
            int looks = Math.min(taps, Math.min(size, (int) (centre + support + .5)) - from);
            double sum = 0;
            for (int k = 0; k < looks; k++) {
                raw[k] = at((from + k - centre + .5) / widened);
                sum += raw[k];
            }
            first[i] = Math.min(from, size - taps); // every position reads `taps` pixels inside the image
            int skipped = from - first[i];
            for (int k = 0; k < looks; k++) {
                values[i * taps + skipped + k] = (int) Math.round(raw[k] / sum * (1 << FRACTION));
            }
        }
        return new Weights(taps, first, values);
    }

    private double at(double distance) {
        double x = Math.abs(distance);
        if (x >= reach) {
            return 0;
        }
        return switch (this) {
            case BILINEAR -> 1 - x;
            case BICUBIC -> x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-.5 * x + 2.5) * x - 4) * x + 2;
        };
    }

    private static int level(int fixed) {
        return Math.max(0, Math.min(255, fixed >> FRACTION));
    }
}
