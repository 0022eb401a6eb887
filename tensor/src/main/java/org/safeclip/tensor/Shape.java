package org.safeclip.tensor;

import java.util.Arrays;

/**
 * Sizes of the axes of an array, outermost first.
 *
 * @param dims the sizes; none for a scalar
 */
public record Shape(int... dims) {

    /** Throws a {@link ShapeException} for a negative size or more than 2³¹ − 1 elements. */
    public Shape {
        long size = 1;
        for (int dim : dims) {
            if (dim < 0) {
                throw new ShapeException("negative size in " + Arrays.toString(dims));
            }
            size *= dim;
            if (size > Integer.MAX_VALUE) {
                throw new ShapeException(
                        Arrays.toString(dims) + " has more numbers than one array can hold (2^31 - 1)");
            }
        }
        dims = dims.clone();
    }

    /** The shape with these sizes. */
    public static Shape of(int... dims) {
        return new Shape(dims);
    }

    @Override
    public int[] dims() {
        return dims.clone();
    }

    /** Number of axes. */
    public int rank() {
        return dims.length;
    }

    /** Size of an axis; a negative axis counts from the end. */
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /**
     * Index of an axis from 0; a negative axis counts from the end.
     *
     * @throws ShapeException if there is no such axis
     */
    public int axis(int axis) {
        int found = axis < 0 ? axis + dims.length : axis;
        if (found < 0 || found >= dims.length) {
            throw new ShapeException("axis " + axis + " of " + this + ", which has " + dims.length + " axes");
        }
        return found;
    }

    /** Number of elements: the product of all sizes. */
    public int size() {
        return size(0, dims.length);
    }

    /** Product of the sizes of axes {@code from} (inclusive) to {@code to} (exclusive). */
    public int size(int from, int to) {
        int size = 1;
        for (int axis = from; axis < to; axis++) {
            size *= dims[axis];
        }
        return size;
    }

    /** A copy with another size on one axis. */
    public Shape with(int axis, int dim) {
        int[] changed = dims.clone();
        changed[axis(axis)] = dim;
        return new Shape(changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
