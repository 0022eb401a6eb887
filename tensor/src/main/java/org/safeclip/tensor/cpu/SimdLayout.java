package org.safeclip.tensor.cpu;

import java.util.Arrays;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Reordered axes. */
final class SimdLayout {
    private static final int SIDE = 16; // a square of this side is transposed within the first-level cache

    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
    private static final VectorShuffle<Float> BY_ONE = VectorShuffle.fromValues(FOUR, 1, 0, 3, 2);
    private static final VectorShuffle<Float> BY_TWO = VectorShuffle.fromValues(FOUR, 2, 3, 0, 1);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(FOUR, 0b1010);
    private static final VectorMask<Float> HIGH = VectorMask.fromLong(FOUR, 0b1100);

    private SimdLayout() {}

    /**
     * Reorders axes where that is a copy of runs or a transposition of matrices; false, and nothing done, elsewhere.
     */
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
        int rowEnd = r1 - (r1 - r0) % 4;
        int colEnd = c1 - (c1 - c0) % 4;
        for (int c = c0; c < colEnd; c += 4) {
            for (int r = r0; r < rowEnd; r += 4) {
                fourByFour(x, matrix + r * cols + c, cols, y, matrix + c * rows + r, rows);
            }
        }
        rest(r0, r1, colEnd, c1, rows, cols, matrix, x, y);
        rest(rowEnd, r1, c0, colEnd, rows, cols, matrix, x, y);
    }

    /** Transposes the 2 x 2 blocks of four rows, then swaps the blocks. */
    private static void fourByFour(float[] x, int at, int cols, float[] y, int to, int rows) {
        FloatVector a = FloatVector.fromArray(FOUR, x, at);
        FloatVector b = FloatVector.fromArray(FOUR, x, at + cols);
        FloatVector c = FloatVector.fromArray(FOUR, x, at + 2 * cols);
        FloatVector d = FloatVector.fromArray(FOUR, x, at + 3 * cols);
        FloatVector ab = a.blend(b.rearrange(BY_ONE), ODD);
        FloatVector ba = a.rearrange(BY_ONE).blend(b, ODD);
        FloatVector cd = c.blend(d.rearrange(BY_ONE), ODD);
        FloatVector dc = c.rearrange(BY_ONE).blend(d, ODD);
        ab.blend(cd.rearrange(BY_TWO), HIGH).intoArray(y, to);
        ba.blend(dc.rearrange(BY_TWO), HIGH).intoArray(y, to + rows);
        ab.rearrange(BY_TWO).blend(cd, HIGH).intoArray(y, to + 2 * rows);
        ba.rearrange(BY_TWO).blend(dc, HIGH).intoArray(y, to + 3 * rows);
    }

    private static void rest(int r0, int r1, int c0, int c1, int rows, int cols, int matrix, float[] x, float[] y) {
        for (int c = c0; c < c1; c++) {
            for (int r = r0; r < r1; r++) {
                y[matrix + c * rows + r] = x[matrix + r * cols + c];
            }
        }
    }
}
