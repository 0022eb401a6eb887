package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.safeclip.tensor.backend.WindowShape;

/**
 * Windows of images as the columns of a matrix {@code [channels·kernel², windows]}, a few columns at a time, for some of
 * the channels; the windows of a batch are numbered image by image, row by row.
 *
 * <p>The images that are needed are held with their margins of zeros. Their columns of pixels are sorted by the remainder
 * modulo the stride: what neighbouring windows have at the same place of the window then lies side by side, and is moved
 * in vectors. The last vector of a run may carry numbers that do not belong to it; what it writes too far is written again
 * by the run that follows.
 */
final class SimdPatches {
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
    private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
    private static final int LENGTH = 4;
    private static final VectorMask<Float> HIGH = VectorMask.fromLong(FOUR, 0b1100);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(FOUR, 0b1010);
    private static final VectorShuffle<Float> EVENS = VectorShuffle.fromValues(FOUR, 0, 2, 0, 2);
    private static final VectorShuffle<Float> ODDS = VectorShuffle.fromValues(FOUR, 1, 3, 1, 3);
    private static final VectorShuffle<Float> LOW_TWICE = VectorShuffle.fromValues(FOUR, 0, 0, 1, 1);
    private static final VectorShuffle<Float> HIGH_TWICE = VectorShuffle.fromValues(FOUR, 2, 2, 3, 3);

    private static final int BLOCK = 16; // channels at a time, which stay in the first-level cache

    /** Numbers that are read and written beyond the last column. */
    static final int SLACK = LENGTH;

    private final WindowShape s;
    private final int firstChannel;
    private final int channels;
    private final int windows;
    private final int sorted; // columns of pixels with the same remainder
    private final int line;
    private final int plane;
    private final int slots; // images held
    private final float[] images;
    private final int[] places; // of pixels in a plane
    private final int[] offsets; // of the places of a window from its first
    private int loaded = -1; // the last image
    private final int[] from; // in images, a vector each; not all of its numbers need be wanted
    private final int[] to;
    private final int[] length;
    private int runs;
    private int step; // numbers in a vector

    /**
     * Windows of channels {@code firstChannel ... endChannel}.
     *
     * @param most the most columns at a time
     */
    SimdPatches(WindowShape s, int firstChannel, int endChannel, int most) {
        this.s = s;
        this.firstChannel = firstChannel;
        channels = endChannel - firstChannel;
        windows = s.outHeight() * s.outWidth();
        sorted = (s.width() + 2 * s.padding() + s.stride() - 1) / s.stride();
        line = sorted * s.stride();
        plane = (s.height() + 2 * s.padding()) * line;
        slots = (most + windows - 2) / windows + 1;
        int size = slots * channels * plane + SLACK;
        images = SimdWorkspace.mine().rest(size);
        Arrays.fill(images, 0, size, 0);
        from = new int[most];
        to = new int[most];
        length = new int[most];
        places = new int[s.height() * s.width()];
        for (int i = 0; i < places.length; i++) {
            int column = i % s.width() + s.padding();
            places[i] = (i / s.width() + s.padding()) * line + column % s.stride() * sorted + column / s.stride();
        }
        offsets = new int[s.kernel() * s.kernel()];
        for (int place = 0; place < offsets.length; place++) {
            int right = place % s.kernel();
            offsets[place] = place / s.kernel() * line + right % s.stride() * sorted + right / s.stride();
        }
    }

    /**
     * Columns {@code first ... first + count} of the matrix for images x: row r of column {@code first + q} to {@code
     * y[y0 + r·distance + q]}. The images of a call are not before those of the last one.
     */
    void unfold(float[] x, int first, int count, float[] y, int y0, int distance) {
        for (int b = Math.max(first / windows, loaded + 1); b * windows < first + count; b++) {
            load(x, b);
            loaded = b;
        }
        findRuns(first, count, y0);
        int square = offsets.length;
        for (int c = 0; c < channels; c += BLOCK) {
            int some = Math.min(BLOCK, channels - c);
            for (int i = 0; i < runs; i++) {
                for (int place = 0; place < square; place++) {
                    int x0 = from[i] + c * plane + offsets[place];
                    int at = to[i] + (c * square + place) * distance;
                    if (step > 2 * LENGTH) {
                        moveWide(some, images, x0, plane, y, at, square * distance);
                    } else if (step == 2 * LENGTH) {
                        moveEight(some, images, x0, plane, y, at, square * distance);
                    } else if (to[i] + LENGTH <= y0 + distance) {
                        moveFour(some, images, x0, plane, y, at, square * distance);
                    } else {
                        moveRest(some, length[i], images, x0, plane, y, at, square * distance);
                    }
                }
            }
        }
    }

    /**
     * The transpose: adds columns to the pixels they come from. Columns of a call follow those of the call before, the
     * first is the first of an image, and an image is written to y after its last.
     */
    void fold(float[] x, int x0, int distance, int first, int count, float[] y) {
        int firstImage = first / windows;
        int end = first + count;
        for (int b = (first + windows - 1) / windows; b * windows < end; b++) {
            int at = slot(b);
            Arrays.fill(images, at, at + channels * plane, 0);
        }
        findRuns(first, count, x0);
        int square = offsets.length;
        for (int c = 0; c < channels; c += BLOCK) {
            int some = Math.min(BLOCK, channels - c);
            for (int i = 0; i < runs; i++) {
                VectorMask<Float> own = FOUR.indexInRange(0, length[i]);
                for (int place = square - 1; place >= 0; place--) { // hence a pixel meets its windows in their order
                    int at = to[i] + (c * square + place) * distance;
                    int y0 = from[i] + c * plane + offsets[place];
                    if (step > 2 * LENGTH) {
                        addWide(some, x, at, square * distance, images, y0, plane);
                    } else if (step == 2 * LENGTH) {
                        addEight(some, x, at, square * distance, images, y0, plane);
                    } else if (length[i] == LENGTH) {
                        addFour(some, x, at, square * distance, images, y0, plane);
                    } else {
                        addMasked(some, own, x, at, square * distance, images, y0, plane);
                    }
                }
            }
        }
        for (int b = firstImage; (b + 1) * windows <= end; b++) {
            store(y, b);
        }
    }

    private int slot(int b) {
        return b % slots * channels * plane;
    }

    /** The vectors of the runs of neighbours in some columns, between images and columns that start at {@code at}. */
    private void findRuns(int first, int count, int at) {
        step = Math.max(LENGTH, LANES);
        while (step > LENGTH && (s.outWidth() % step > 0 || first % step > 0 || count % step > 0)) {
            step = step > 2 * LENGTH ? 2 * LENGTH : LENGTH;
        }
        runs = 0;
        for (int q = first; q < first + count; ) {
            int b = q / windows;
            int row = (q - b * windows) / s.outWidth();
            int column = (q - b * windows) % s.outWidth();
            length[runs] = Math.min(step, Math.min(first + count - q, s.outWidth() - column));
            from[runs] = slot(b) + row * s.stride() * line + column;
            to[runs] = at + q - first;
            q += length[runs++];
        }
    }

    // A method for each length: where a species is a parameter and the call is not inlined, vectors are objects.

    private static void moveWide(int n, float[] x, int x0, int xStep, float[] y, int y0, int yStep) {
        int at = x0;
        int to = y0;
        for (int i = 0; i < n; i++) {
            FloatVector.fromArray(SPECIES, x, at).intoArray(y, to);
            at += xStep;
            to += yStep;
        }
    }

    private static void moveEight(int n, float[] x, int x0, int xStep, float[] y, int y0, int yStep) {
        int at = x0;
        int to = y0;
        for (int i = 0; i < n; i++) {
            FloatVector.fromArray(EIGHT, x, at).intoArray(y, to);
            at += xStep;
            to += yStep;
        }
    }

    private static void moveFour(int n, float[] x, int x0, int xStep, float[] y, int y0, int yStep) {
        int at = x0;
        int to = y0;
        for (int i = 0; i < n; i++) {
            FloatVector.fromArray(FOUR, x, at).intoArray(y, to);
            at += xStep;
            to += yStep;
        }
    }

    private static void moveRest(int n, int length, float[] x, int x0, int xStep, float[] y, int y0, int yStep) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < length; j++) {
                y[y0 + i * yStep + j] = x[x0 + i * xStep + j];
            }
        }
    }

    private static void addWide(int n, float[] x, int x0, int xStep, float[] y, int y0, int yStep) {
        int at = x0;
        int to = y0;
        for (int i = 0; i < n; i++) {
            FloatVector more = FloatVector.fromArray(SPECIES, x, at);
            FloatVector.fromArray(SPECIES, y, to).add(more).intoArray(y, to);
            at += xStep;
            to += yStep;
        }
    }

    private static void addEight(int n, float[] x, int x0, int xStep, float[] y, int y0, int yStep) {
        int at = x0;
        int to = y0;
        for (int i = 0; i < n; i++) {
            FloatVector more = FloatVector.fromArray(EIGHT, x, at);
            FloatVector.fromArray(EIGHT, y, to).add(more).intoArray(y, to);
            at += xStep;
            to += yStep;
        }
    }

    private static void addFour(int n, float[] x, int x0, int xStep, float[] y, int y0, int yStep) {
        int at = x0;
        int to = y0;
        for (int i = 0; i < n; i++) {
            FloatVector more = FloatVector.fromArray(FOUR, x, at);
            FloatVector.fromArray(FOUR, y, to).add(more).intoArray(y, to);
            at += xStep;
            to += yStep;
        }
    }

    private static void addMasked(
            int n, VectorMask<Float> own, float[] x, int x0, int xStep, float[] y, int y0, int yStep) {
        FloatVector zero = FloatVector.zero(FOUR);
        int at = x0;
        int to = y0;
        for (int i = 0; i < n; i++) {
            FloatVector more = zero.blend(FloatVector.fromArray(FOUR, x, at), own);
            FloatVector.fromArray(FOUR, y, to).add(more).intoArray(y, to);
            at += xStep;
            to += yStep;
        }
    }

    /** Copies n numbers, few of them. */
    static void move(float[] x, int x0, float[] y, int y0, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, x, x0 + i).intoArray(y, y0 + i);
        }
        for (; i <= n - LENGTH; i += LENGTH) {
            FloatVector.fromArray(FOUR, x, x0 + i).intoArray(y, y0 + i);
        }
        for (; i < n; i++) {
            y[y0 + i] = x[x0 + i];
        }
    }

    // ---- images

    private void load(float[] x, int b) {
        int size = s.height() * s.width();
        int at = (b * s.channels() + firstChannel) * size;
        for (int c = 0; c < channels; c++) {
            int to = slot(b) + c * plane;
            if (s.stride() == 2 && s.width() >= 2 * LENGTH) {
                split(s.height(), s.width(), x, at, images, to + places[0], to + places[1], line);
            } else if (s.stride() == 1) {
                for (int i = 0; i < size; i += s.width()) {
                    move(x, at + i, images, to + places[i], s.width());
                }
            } else {
                for (int i = 0; i < size; i++) {
                    images[to + places[i]] = x[at + i];
                }
            }
            at += size;
        }
    }

    private void store(float[] y, int b) {
        int size = s.height() * s.width();
        int at = (b * s.channels() + firstChannel) * size;
        for (int c = 0; c < channels; c++) {
            int from = slot(b) + c * plane;
            if (s.stride() == 2 && s.width() >= 2 * LENGTH) {
                join(s.height(), s.width(), images, from + places[0], from + places[1], line, y, at);
            } else if (s.stride() == 1) {
                for (int i = 0; i < size; i += s.width()) {
                    move(images, from + places[i], y, at + i, s.width());
                }
            } else {
                for (int i = 0; i < size; i++) {
                    y[at + i] = images[from + places[i]];
                }
            }
            at += size;
        }
    }

    /** Numbers 0, 2, 4 ... of each row of x to rows of y that start at one place, 1, 3, 5 ... to those at another. */
    private static void split(int rows, int cols, float[] x, int x0, float[] y, int y0, int y1, int line) {
        int at = x0;
        int even = y0;
        int odd = y1;
        for (int row = 0; row < rows; row++) {
            int i = 0;
            for (; i <= cols - 2 * LENGTH; i += 2 * LENGTH) {
                FloatVector a = FloatVector.fromArray(FOUR, x, at + i);
                FloatVector b = FloatVector.fromArray(FOUR, x, at + i + LENGTH);
                a.rearrange(EVENS).blend(b.rearrange(EVENS), HIGH).intoArray(y, even + i / 2);
                a.rearrange(ODDS).blend(b.rearrange(ODDS), HIGH).intoArray(y, odd + i / 2);
            }
            for (; i < cols; i++) {
                y[(i % 2 == 0 ? even : odd) + i / 2] = x[at + i];
            }
            at += cols;
            even += line;
            odd += line;
        }
    }

    /** The reverse of {@link #split}. */
    private static void join(int rows, int cols, float[] x, int x0, int x1, int line, float[] y, int y0) {
        int at = y0;
        int even = x0;
        int odd = x1;
        for (int row = 0; row < rows; row++) {
            int i = 0;
            for (; i <= cols - 2 * LENGTH; i += 2 * LENGTH) {
                FloatVector a = FloatVector.fromArray(FOUR, x, even + i / 2);
                FloatVector b = FloatVector.fromArray(FOUR, x, odd + i / 2);
                a.rearrange(LOW_TWICE).blend(b.rearrange(LOW_TWICE), ODD).intoArray(y, at + i);
                a.rearrange(HIGH_TWICE).blend(b.rearrange(HIGH_TWICE), ODD).intoArray(y, at + i + LENGTH);
            }
            for (; i < cols; i++) {
                y[at + i] = x[(i % 2 == 0 ? even : odd) + i / 2];
            }
            at += cols;
            even += line;
            odd += line;
        }
    }
}
