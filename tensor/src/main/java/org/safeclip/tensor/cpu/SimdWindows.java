package org.safeclip.tensor.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.safeclip.tensor.backend.WindowShape;

/**
 * Windows over pictures laid out in rows, and gathered up again, for pictures {@code from ... to} of the batch.
 *
 * <p>A picture with its margin of zeros is put together in scratch memory first, so that no window hangs over an edge.
 * A line of a window is then moved in vectors of four, the last of which may carry numbers that do not belong to it:
 * what it writes too far is written again by the line that follows.
 */
final class SimdWindows {
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
    private static final int LENGTH = 4;

    private SimdWindows() {}

    static void unfold(int from, int to, WindowShape s, float[] x, float[] y) {
        int wide = s.width() + 2 * s.padding();
        int plane = (s.height() + 2 * s.padding()) * wide;
        int size = s.channels() * plane;
        float[] padded = SimdWorkspace.mine().rest(size + LENGTH);
        Arrays.fill(padded, 0, size + LENGTH, 0);
        int numbers = s.outHeight() * s.outWidth() * s.cols();
        for (int b = from; b < to; b++) {
            int picture = b * s.channels() * s.height() * s.width();
            for (int line = 0; line < s.channels() * s.height(); line++) {
                System.arraycopy(x, picture + line * s.width(), padded, inside(s, line), s.width());
            }
            int at = b * numbers;
            int end = at + numbers;
            for (int oy = 0; oy < s.outHeight(); oy++) {
                for (int ox = 0; ox < s.outWidth(); ox++) {
                    int corner = (oy * wide + ox) * s.stride();
                    if (s.kernel() == 3 && at + s.cols() + 1 <= end) {
                        threeByThree(s.channels(), wide, plane, padded, corner, y, at);
                    } else {
                        window(s.channels(), s.kernel(), wide, plane, padded, corner, y, at, end);
                    }
                    at += s.cols();
                }
            }
        }
    }

    /** Where a line of a picture starts within the picture with margins; lines run through all channels. */
    private static int inside(WindowShape s, int line) {
        int wide = s.width() + 2 * s.padding();
        int margins = (line / s.height() * 2 + 1) * s.padding();
        return (line + margins) * wide + s.padding();
    }

    private static void threeByThree(int channels, int wide, int plane, float[] x, int corner, float[] y, int at) {
        for (int c = 0; c < channels; c++) {
            int first = corner + c * plane;
            int to = at + 9 * c;
            FloatVector top = FloatVector.fromArray(FOUR, x, first);
            FloatVector middle = FloatVector.fromArray(FOUR, x, first + wide);
            FloatVector bottom = FloatVector.fromArray(FOUR, x, first + 2 * wide);
            top.intoArray(y, to);
            middle.intoArray(y, to + 3);
            bottom.intoArray(y, to + 6);
        }
    }

    private static void window(
            int channels, int kernel, int wide, int plane, float[] x, int corner, float[] y, int at, int end) {
        int to = at;
        for (int c = 0; c < channels; c++) {
            for (int ky = 0; ky < kernel; ky++) {
                int line = corner + c * plane + ky * wide;
                int k = 0;
                for (; k < kernel && to + k + LENGTH <= end; k += LENGTH) {
                    FloatVector.fromArray(FOUR, x, line + k).intoArray(y, to + k);
                }
                for (; k < kernel; k++) {
                    y[to + k] = x[line + k];
                }
                to += kernel;
            }
        }
    }

    static void fold(int from, int to, WindowShape s, float[] x, float[] y) {
        int wide = s.width() + 2 * s.padding();
        int plane = (s.height() + 2 * s.padding()) * wide;
        int size = s.channels() * plane;
        float[] padded = SimdWorkspace.mine().rest(size + LENGTH);
        int numbers = s.outHeight() * s.outWidth() * s.cols();
        VectorMask<Float> rest = FOUR.indexInRange(0, (s.kernel() - 1) % LENGTH + 1);
        for (int b = from; b < to; b++) {
            Arrays.fill(padded, 0, size + LENGTH, 0);
            int at = b * numbers;
            int end = at + numbers;
            for (int oy = 0; oy < s.outHeight(); oy++) {
                for (int ox = 0; ox < s.outWidth(); ox++) {
                    int corner = (oy * wide + ox) * s.stride();
                    if (s.kernel() == 3 && at + s.cols() + 1 <= end) {
                        addThreeByThree(s.channels(), wide, plane, x, at, rest, padded, corner);
                    } else {
                        addWindow(s.channels(), s.kernel(), wide, plane, x, at, end, rest, padded, corner);
                    }
                    at += s.cols();
                }
            }
            int picture = b * s.channels() * s.height() * s.width();
            for (int line = 0; line < s.channels() * s.height(); line++) {
                System.arraycopy(padded, inside(s, line), y, picture + line * s.width(), s.width());
            }
        }
    }

    private static void addThreeByThree(
            int channels, int wide, int plane, float[] x, int at, VectorMask<Float> three, float[] y, int corner) {
        FloatVector zero = FloatVector.zero(FOUR);
        for (int c = 0; c < channels; c++) {
            int to = corner + c * plane;
            int first = at + 9 * c;
            FloatVector top = zero.blend(FloatVector.fromArray(FOUR, x, first), three);
            FloatVector middle = zero.blend(FloatVector.fromArray(FOUR, x, first + 3), three);
            FloatVector bottom = zero.blend(FloatVector.fromArray(FOUR, x, first + 6), three);
            FloatVector.fromArray(FOUR, y, to).add(top).intoArray(y, to);
            FloatVector.fromArray(FOUR, y, to + wide).add(middle).intoArray(y, to + wide);
            FloatVector.fromArray(FOUR, y, to + 2 * wide).add(bottom).intoArray(y, to + 2 * wide);
        }
    }

    private static void addWindow(
            int channels,
            int kernel,
            int wide,
            int plane,
            float[] x,
            int at,
            int end,
            VectorMask<Float> rest,
            float[] y,
            int corner) {
        FloatVector zero = FloatVector.zero(FOUR);
        int from = at;
        for (int c = 0; c < channels; c++) {
            for (int ky = 0; ky < kernel; ky++) {
                int line = corner + c * plane + ky * wide;
                int k = 0;
                for (; k < kernel && from + k + LENGTH <= end; k += LENGTH) {
                    FloatVector share = FloatVector.fromArray(FOUR, x, from + k);
                    FloatVector own = k + LENGTH > kernel ? zero.blend(share, rest) : share;
                    FloatVector.fromArray(FOUR, y, line + k).add(own).intoArray(y, line + k);
                }
                for (; k < kernel; k++) {
                    y[line + k] += x[from + k];
                }
                from += kernel;
            }
        }
    }
}
