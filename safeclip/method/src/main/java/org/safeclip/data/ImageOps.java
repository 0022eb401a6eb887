package org.safeclip.data;

/**
 * Operations on 8-bit RGB images (height x width x 3 bytes), with the arithmetic of Pillow, on which the paper's
 * augmentation runs: 8 bits after every step, so that views match those of other implementations level by level.
 * Methods that return nothing work in place.
 */
public final class ImageOps {

    private ImageOps() {}

    /** f * p, cut to 0..255 and truncated. */
    public static void brightness(byte[] px, float factor) {
        blendWithLevel(px, 0, factor);
    }

    /** m + f * (p - m), m the rounded mean grey level. */
    public static void contrast(byte[] px, float factor) {
        long sum = 0;
        for (int i = 0; i < px.length; i += 3) {
            sum += grey(px, i);
        }
        int pixels = px.length / 3;
        blendWithLevel(px, (int) ((double) sum / pixels + .5), factor);
    }

    /** l + f * (p - l), l the pixel's own grey level. */
    public static void saturation(byte[] px, float factor) {
        for (int i = 0; i < px.length; i += 3) {
            int level = grey(px, i);
            px[i] = blend(level, px[i] & 0xff, factor);
            px[i + 1] = blend(level, px[i + 1] & 0xff, factor);
            px[i + 2] = blend(level, px[i + 2] & 0xff, factor);
        }
    }

    /** Three equal channels: L = (19595 R + 38470 G + 7471 B + 32768) >> 16. */
    public static void grayscale(byte[] px) {
        for (int i = 0; i < px.length; i += 3) {
            byte level = (byte) grey(px, i);
            px[i] = level;
            px[i + 1] = level;
            px[i + 2] = level;
        }
    }

    /**
     * Turns the hue by {@code factor} of a full circle (-0.5..0.5) in 8-bit HSV: H and S are whole levels 0..255, and
     * int(255 * factor) is added to H modulo 256.
     */
    public static void hue(byte[] px, float factor) {
        int shift = (int) (factor * 255);
        for (int i = 0; i < px.length; i += 3) {
            int r = px[i] & 0xff;
            int g = px[i + 1] & 0xff;
            int b = px[i + 2] & 0xff;
            int max = Math.max(r, Math.max(g, b));
            int range = max - Math.min(r, Math.min(g, b));
            // H and S go through float32 and are truncated, as in Pillow: 255 * (range / max) may fall below a whole
            // level
            int s = range == 0 ? 0 : (int) ((double) ((float) range / max) * 255);
            if (s == 0) { // grey, or so nearly that its saturation is lost in 8 bits
                px[i] = (byte) max;
                px[i + 1] = (byte) max;
                px[i + 2] = (byte) max;
                continue;
            }
            float toR = (float) (max - r) / range;
            float toG = (float) (max - g) / range;
            float toB = (float) (max - b) / range;
            // sixths of the circle: 0 red, 2 green, 4 blue
            float sixths = r == max ? toB - toG : (float) (g == max ? 2.0 + toR - toB : 4.0 + toG - toR);
            double turned = sixths / 6.0 + 1;
            float circle = (float) (turned - (int) turned);
            int h = ((int) (circle * 255.0) + shift) & 0xff;
            fromHsv(px, i, h, s, max);
        }
    }

    private static void fromHsv(byte[] px, int at, int h, int s, int v) {
        int sector = 6 * h / 255; // h = 255 closes the circle: sector 6 is sector 0
        float fraction = (6 * h - 255 * sector) / 255f;
        float saturation = s / 255f;
        byte top = (byte) v;
        byte low = (byte) (int) (v * (1 - saturation) + .5f);
        byte falling = (byte) (int) (v * (1 - saturation * fraction) + .5f);
        byte rising = (byte) (int) (v * (1 - saturation * (1 - fraction)) + .5f);
        switch (sector) {
            case 1 -> set(px, at, falling, top, low);
            case 2 -> set(px, at, low, top, rising);
            case 3 -> set(px, at, low, falling, top);
            case 4 -> set(px, at, rising, low, top);
            case 5 -> set(px, at, top, low, falling);
            default -> set(px, at, top, rising, low);
        }
    }

    /** Mirrors left and right. */
    public static void hflip(byte[] px, int height, int width) {
        for (int y = 0; y < height; y++) {
            int left = y * width * 3;
            int right = left + (width - 1) * 3;
            for (; left < right; left += 3, right -= 3) {
                for (int c = 0; c < 3; c++) {
                    byte swap = px[left + c];
                    px[left + c] = px[right + c];
                    px[right + c] = swap;
                }
            }
        }
    }

    /**
     * Convolution with exp(-i^2 / (2 sigma^2)), normalised over {@code kernel} taps (odd), separably; the border is
     * mirrored without repeating the edge; rounded to the nearest level.
     */
    public static void gaussianBlur(byte[] px, int height, int width, int kernel, float sigma) {
        float[] taps = gaussian(kernel, sigma);
        int radius = kernel / 2;
        int row = width * 3;
        float[] blurred = new float[px.length]; // after the horizontal pass
        float[] padded = new float[row + 6 * radius];
        for (int y = 0; y < height; y++) {
            for (int x = -radius; x < width + radius; x++) {
                int from = y * row + mirrored(x, width) * 3;
                int to = (x + radius) * 3;
                padded[to] = px[from] & 0xff;
                padded[to + 1] = px[from + 1] & 0xff;
                padded[to + 2] = px[from + 2] & 0xff;
            }
            weigh(taps, padded, 3, blurred, y * row, row);
        }
        float[] window = new float[kernel * row]; // the rows that row y sees
        float[] sums = new float[row];
        for (int y = 0; y < height; y++) {
            for (int k = 0; k < kernel; k++) {
                System.arraycopy(blurred, mirrored(y + k - radius, height) * row, window, k * row, row);
            }
            weigh(taps, window, row, sums, 0, row);
            for (int j = 0; j < row; j++) {
                px[y * row + j] = (byte) (int) (sums[j] + .5f);
            }
        }
    }

    /** (p / 255 - mean) / std as floats, channel by channel: dst [3, height, width] from {@code at}. */
    public static void toTensorNormalize(byte[] px, float[] mean, float[] std, float[] dst, int at) {
        int plane = px.length / 3;
        for (int c = 0; c < 3; c++) {
            float scale = 1 / (255 * std[c]);
            float shift = -mean[c] / std[c];
            int to = at + c * plane;
            for (int i = 0; i < plane; i++) {
                dst[to + i] = (px[3 * i + c] & 0xff) * scale + shift;
            }
        }
    }

    /** dst[j] = sum over k of taps[k] * src[k * stride + j]. */
    private static void weigh(float[] taps, float[] src, int stride, float[] dst, int to, int n) {
        if (taps.length == 3) { // the blur of small images, written out for speed
            float t0 = taps[0];
            float t1 = taps[1];
            float t2 = taps[2];
            for (int j = 0; j < n; j++) {
                dst[to + j] = t0 * src[j] + t1 * src[stride + j] + t2 * src[2 * stride + j];
            }
            return;
        }
        for (int j = 0; j < n; j++) {
            float sum = 0;
            for (int k = 0; k < taps.length; k++) {
                sum += taps[k] * src[k * stride + j];
            }
            dst[to + j] = sum;
        }
    }

    private static float[] gaussian(int kernel, float sigma) {
        if (kernel < 1 || kernel % 2 == 0) {
            throw new IllegalArgumentException("blur kernel is " + kernel + ", expected an odd number of taps");
        }
        double[] raw = new double[kernel];
        double sum = 0;
        for (int i = 0; i < kernel; i++) {
            double distance = (i - kernel / 2) / (double) sigma;
            raw[i] = Math.exp(-.5 * distance * distance);
            sum += raw[i];
        }
        float[] taps = new float[kernel];
        for (int i = 0; i < kernel; i++) {
            taps[i] = (float) (raw[i] / sum);
        }
        return taps;
    }

    private static int mirrored(int x, int size) {
        int i = x;
        while (i < 0 || i >= size) {
            if (size == 1) {
                return 0;
            }
            i = i < 0 ? -i : 2 * (size - 1) - i;
        }
        return i;
    }

    private static void blendWithLevel(byte[] px, int level, float factor) {
        byte[] table = new byte[256];
        for (int v = 0; v < 256; v++) {
            table[v] = blend(level, v, factor);
        }
        for (int i = 0; i < px.length; i++) {
            px[i] = table[px[i] & 0xff];
        }
    }

    private static byte blend(int level, int value, float factor) {
        int mixed = (int) (level + factor * (value - level));
        return (byte) Math.max(0, Math.min(255, mixed));
    }

    private static int grey(byte[] px, int i) {
        return (19595 * (px[i] & 0xff) + 38470 * (px[i + 1] & 0xff) + 7471 * (px[i + 2] & 0xff) + 32768) >> 16;
    }

    private static void set(byte[] px, int at, byte r, byte g, byte b) {
        px[at] = r;
        px[at + 1] = g;
        px[at + 2] = b;
    }
}
