package org.safeclip.experiments.attack;

import java.util.random.RandomGenerator;

/**
 * A slight warp of the image (Nguyen and Tran 2021). One field of k x k shifts for all images is upsampled to the image's size;
 * the image is then sampled at grid = clamp(identity + strength·field / side, −1, 1), in units of half a side. The mean shift is
 * strength / 2 pixels at any size.
 *
 * @param field {@code [2, k, k]}, shifts along x and then along y, of mean absolute value 1
 * @param k control points along a side, at least 2
 * @param strength strength of the warp; the mean shift is half of it, in pixels
 */
public record WaNet(float[] field, int k, float strength) implements Trigger {
    private static final double A = -0.75; // of the bicubic kernel

    /** Checks that the field is {@code [2, k, k]}. */
    public WaNet {
        if (k < 2 || field.length != 2 * k * k) {
            throw new IllegalArgumentException(
                    "wanet: " + field.length + " shifts, expected 2 x " + k + " x " + k + " with k at least 2");
        }
    }

    /** Draws a field of uniform shifts in −1 ... 1, divided by their mean absolute value. */
    public static WaNet draw(int k, float strength, RandomGenerator random) {
        float[] noise = new float[2 * k * k];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = 2 * random.nextFloat() - 1;
        }
        return of(noise, k, strength);
    }

    /** The warp whose field is noise {@code [2, k, k]} divided by its mean absolute value. */
    static WaNet of(float[] noise, int k, float strength) {
        double sum = 0;
        for (float value : noise) {
            sum += Math.abs(value);
        }
        float[] field = new float[noise.length];
        for (int i = 0; i < field.length; i++) {
            field[i] = (float) (noise[i] * (noise.length / sum));
        }
        return new WaNet(field, k, strength);
    }

    /** Where each pixel is sampled, {@code [side, side, 2]}: x, then y, from −1 (first) to 1 (last pixel). */
    float[] grid(int side) {
        float[] grid = new float[side * side * 2];
        float[] shifts = enlarged(side);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int at = y * side + x;
                grid[2 * at] = place(x, side, shifts[at]);
                grid[2 * at + 1] = place(y, side, shifts[side * side + at]);
            }
        }
        return grid;
    }

    private float place(int i, int side, float shift) {
        double identity = -1 + 2.0 * i / (side - 1);
        return (float) Math.clamp(identity + (double) strength * shift / side, -1, 1);
    }

    /** The field upsampled to {@code [2, side, side]}: bicubic, corners aligned, edges repeated. */
    private float[] enlarged(int side) {
        if (k == side) {
            return field;
        }
        float[] large = new float[2 * side * side];
        for (int y = 0; y < side; y++) {
            double v = (double) y * (k - 1) / (side - 1);
            for (int x = 0; x < side; x++) {
                double u = (double) x * (k - 1) / (side - 1);
                for (int axis = 0; axis < 2; axis++) {
                    large[(axis * side + y) * side + x] = (float) bicubic(axis * k * k, u, v);
                }
            }
        }
        return large;
    }

    private double bicubic(int plane, double u, double v) {
        int left = (int) u;
        int top = (int) v;
        double sum = 0;
        for (int dy = -1; dy <= 2; dy++) {
            int row = plane + Math.clamp(top + dy, 0, k - 1) * k;
            double weight = kernel(v - top - dy);
            for (int dx = -1; dx <= 2; dx++) {
                sum += weight * kernel(u - left - dx) * field[row + Math.clamp(left + dx, 0, k - 1)];
            }
        }
        return sum;
    }

    /** Keys' cubic convolution kernel. */
    private static double kernel(double distance) {
        double x = Math.abs(distance);
        return x <= 1 ? ((A + 2) * x - (A + 3)) * x * x + 1 : ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
    }

    @Override
    public float[] apply(float[] image, int side, RandomGenerator random) {
        float[] grid = grid(side);
        float[] warped = new float[image.length];
        for (int at = 0; at < side * side; at++) {
            double x = (grid[2 * at] + 1.0) / 2 * (side - 1);
            double y = (grid[2 * at + 1] + 1.0) / 2 * (side - 1);
            int left = Math.min((int) x, side - 2);
            int top = Math.min((int) y, side - 2);
            double right = x - left;
            double below = y - top;
            for (int c = 0; c < 3; c++) {
                int from = (top * side + left) * 3 + c;
                double upper = (1 - right) * image[from] + right * image[from + 3];
                double lower = (1 - right) * image[from + 3 * side] + right * image[from + 3 * side + 3];
                warped[3 * at + c] = (float) ((1 - below) * upper + below * lower);
            }
        }
        return warped;
    }
}
