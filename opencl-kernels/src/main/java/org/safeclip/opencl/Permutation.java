package org.safeclip.opencl;

import java.util.Arrays;

/**
 * The axes of the array that a permutation makes, last one first: axes that stay neighbours are one, and axes of one
 * number are none.
 *
 * @param size numbers moved
 * @param count axes
 * @param dims size of each axis
 * @param from distance of its neighbours in the array they come from
 * @param to distance of its neighbours in the array they go to
 */
record Permutation(int size, int count, int[] dims, int[] from, int[] to) {
    private static final int MOST_AXES = 8;

    /** Axis j of the new array is axis {@code axes[j]} of an array of shape {@code dims}. */
    static Permutation of(int[] dims, int... axes) {
        int rank = dims.length;
        int[] strides = new int[rank];
        int size = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            strides[axis] = size;
            size *= dims[axis];
        }
        int[] sizes = new int[rank];
        int[] from = new int[rank];
        int[] to = new int[rank];
        int count = 0;
        int place = 1;
        for (int j = rank - 1; j >= 0; j--) {
            int dim = dims[axes[j]];
            int step = strides[axes[j]];
            if (dim == 1) {
                continue;
            }
            if (count > 0 && step == from[count - 1] * sizes[count - 1]) {
                sizes[count - 1] *= dim;
            } else {
                sizes[count] = dim;
                from[count] = step;
                to[count++] = place;
            }
            place *= dim;
        }
        Permutation all = new Permutation(size, count, sizes, from, to);
        if (count - all.run() > MOST_AXES) {
            throw new IllegalArgumentException("permute: " + Arrays.toString(dims) + " to the order "
                    + Arrays.toString(axes) + " moves more than " + MOST_AXES + " axes");
        }
        return all;
    }

    /** 1 if the last axis stays the last, and is moved in runs; else 0. */
    int run() {
        return count > 0 && from[0] == 1 ? 1 : 0;
    }

    /** Numbers that stay neighbours. */
    int cols() {
        return run() == 1 ? dims[0] : 1;
    }

    /** The axis whose numbers were neighbours. */
    int along() {
        int axis = 0;
        while (from[axis] != 1) {
            axis++;
        }
        return axis;
    }

    /** A property of all axes but those, as a kernel's argument: {@code rest} where there is none. */
    int[] without(int[] property, int rest, int... axes) {
        int[] others = new int[MOST_AXES];
        Arrays.fill(others, rest);
        int next = 0;
        for (int axis = 0; axis < count; axis++) {
            int each = axis;
            if (Arrays.stream(axes).noneMatch(a -> a == each)) {
                others[next++] = property[axis];
            }
        }
        return others;
    }
}
