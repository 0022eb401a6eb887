package org.safeclip.tensor.cpu;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.safeclip.tensor.backend.WindowShape;

/** Kernels that only move numbers: reordered axes, and windows laid out in rows and gathered up again. */
final class SimdLayout {
    private static final int SIDE = 16; // a square of this side is transposed within the first-level cache

    private SimdLayout() {}

    /** Reorders axes where that is a copy of runs or a transposition of matrices; false, and nothing done, elsewhere. */
    static boolean permute(int[] dims, int[] axes, float[] x, float[] y) {
        int[] order = IntStream.of(axes).filter(axis -> dims[axis] != 1).toArray();
        int[] firsts = new int[order.length]; // first axis of every group that stays together
        int[] sizes = new int[order.length];
        int groups = 0;
        for (int j = 0; j < order.length; j++) {
            boolean joins = j > 0 && onlyOnesBetween(dims, order[j - 1], order[j]);
            if (joins) {
                sizes[groups - 1] *= dims[order[j]];
            } else {
                firsts[groups] = order[j];
                sizes[groups++] = dims[order[j]];
            }
        }
        int size = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
        if (groups <= 1 || size == 0) {
            System.arraycopy(x, 0, y, 0, size);
            return true;
        }
        if (IntStream.of(firsts).limit(groups).max().orElseThrow() == firsts[groups - 1]) {
            copyRuns(firsts, sizes, groups, size, x, y);
            return true;
        }
        boolean swapped = groups == 2 || (groups == 3 && firsts[0] < firsts[2] && firsts[2] < firsts[1]);
        if (swapped) {
            int outer = groups == 2 ? 1 : sizes[0];
            transpose(outer, sizes[groups - 1], sizes[groups - 2], x, y);
        }
        return swapped;
    }

    private static boolean onlyOnesBetween(int[] dims, int before, int after) {
        return before < after && IntStream.range(before + 1, after).allMatch(axis -> dims[axis] == 1);
    }

    private static void copyRuns(int[] firsts, int[] sizes, int groups, int size, float[] x, float[] y) {
        int length = sizes[groups - 1];
        int[] strides = new int[groups];
        for (int g = 0; g < groups; g++) {
            strides[g] = 1;
            for (int h = 0; h < groups; h++) {
                strides[g] *= firsts[h] > firsts[g] ? sizes[h] : 1;
            }
        }
        Parallel.rows(size / length, 1, size / 2, (from, to) -> {
            for (int r = from; r < to; r++) {
                int at = 0;
                int left = r;
                for (int g = groups - 2; g >= 0; g--) {
                    at += left % sizes[g] * strides[g];
                    left /= sizes[g];
                }
                System.arraycopy(x, at, y, r * length, length);
            }
        });
    }

    /** y[o, c, b] = x[o, b, c] for {@code outer} matrices of {@code rows x cols}. */
    private static void transpose(int outer, int rows, int cols, float[] x, float[] y) {
        int strips = (cols + SIDE - 1) / SIDE;
        Parallel.rows(outer * strips, 1, (long) outer * rows * cols, (from, to) -> {
            for (int s = from; s < to; s++) {
                int matrix = s / strips * rows * cols;
                int c0 = s % strips * SIDE;
                for (int r0 = 0; r0 < rows; r0 += SIDE) {
                    square(r0, Math.min(rows, r0 + SIDE), c0, Math.min(cols, c0 + SIDE), rows, cols, matrix, x, y);
                }
            }
        });
    }

    private static void square(int r0, int r1, int c0, int c1, int rows, int cols, int matrix, float[] x, float[] y) {
        for (int c = c0; c < c1; c++) {
            for (int r = r0; r < r1; r++) {
                y[matrix + c * rows + r] = x[matrix + r * cols + c];
            }
        }
    }

    static void unfold(WindowShape s, float[] x, float[] y) {
        int windows = s.outHeight() * s.outWidth();
        Parallel.rows(s.rows(), 1, (long) s.rows() * s.cols(), (from, to) -> {
            for (int r = from; r < to; r++) {
                int iy = r % windows / s.outWidth() * s.stride() - s.padding();
                int ix = r % s.outWidth() * s.stride() - s.padding();
                int at = r * s.cols();
                for (int c = 0; c < s.channels(); c++) {
                    int plane = (r / windows * s.channels() + c) * s.height() * s.width();
                    for (int ky = iy; ky < iy + s.kernel(); ky++) {
                        pick(s.kernel(), ky, ix, s.height(), s.width(), plane, x, y, at);
                        at += s.kernel();
                    }
                }
            }
        });
    }

    private static void pick(
            int kernel, int iy, int ix, int height, int width, int plane, float[] x, float[] y, int at) {
        boolean inside = iy >= 0 && iy < height;
        int from = inside ? Math.min(kernel, Math.max(0, -ix)) : kernel;
        int to = inside ? Math.max(from, Math.min(kernel, width - ix)) : kernel;
        int line = plane + iy * width + ix;
        for (int k = 0; k < from; k++) {
            y[at + k] = 0;
        }
        for (int k = from; k < to; k++) {
            y[at + k] = x[line + k];
        }
        for (int k = to; k < kernel; k++) {
            y[at + k] = 0;
        }
    }

    static void fold(WindowShape s, float[] x, float[] y) {
        int windows = s.outHeight() * s.outWidth();
        int picture = s.channels() * s.height() * s.width();
        Parallel.rows(s.batch(), 1, (long) s.rows() * s.cols(), (from, to) -> {
            Arrays.fill(y, from * picture, to * picture, 0);
            for (int r = from * windows; r < to * windows; r++) {
                int iy = r % windows / s.outWidth() * s.stride() - s.padding();
                int ix = r % s.outWidth() * s.stride() - s.padding();
                int at = r * s.cols();
                for (int c = 0; c < s.channels(); c++) {
                    int plane = (r / windows * s.channels() + c) * s.height() * s.width();
                    for (int ky = iy; ky < iy + s.kernel(); ky++) {
                        if (ky >= 0 && ky < s.height()) {
                            put(s.kernel(), ix, s.width(), plane + ky * s.width(), x, at, y);
                        }
                        at += s.kernel();
                    }
                }
            }
        });
    }

    private static void put(int kernel, int ix, int width, int line, float[] x, int at, float[] y) {
        int to = Math.min(kernel, width - ix);
        for (int k = Math.max(0, -ix); k < to; k++) {
            y[line + ix + k] += x[at + k];
        }
    }
}
