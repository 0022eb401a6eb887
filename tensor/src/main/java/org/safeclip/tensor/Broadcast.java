package org.safeclip.tensor;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.BroadcastShape;

/** The rules of broadcasting (as in NumPy): shapes are aligned at the end, and an axis of size 1 repeats. */
final class Broadcast {
    private Broadcast() {}

    /** The shape two shapes broadcast to. */
    static Shape common(String op, Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            int fromA = aligned(a, rank).dim(i);
            int fromB = aligned(b, rank).dim(i);
            if (fromA != fromB && fromA != 1 && fromB != 1) {
                throw new ShapeException(op + " of " + a + " and " + b + ": axis " + i + " is " + fromA + " against "
                        + fromB + "; sizes must be equal or 1");
            }
            dims[i] = fromA == 1 ? fromB : fromA;
        }
        return new Shape(dims);
    }

    /** The shape with axes of size 1 put in front until it has the rank. */
    static Shape aligned(Shape shape, int rank) {
        int[] dims = new int[rank];
        int missing = rank - shape.rank();
        for (int i = 0; i < rank; i++) {
            dims[i] = i < missing ? 1 : shape.dim(i - missing);
        }
        return new Shape(dims);
    }

    /** How the axes marked as kept lie in the shape, if they are neighbours; null if they are not. */
    static @Nullable BroadcastShape layout(Shape shape, boolean[] kept) {
        int first = shape.rank();
        int last = -1;
        for (int i = 0; i < shape.rank(); i++) {
            if (kept[i] && shape.dim(i) != 1) {
                first = Math.min(first, i);
                last = i;
            }
        }
        if (last < 0) {
            return new BroadcastShape(1, 1, shape.size());
        }
        for (int i = first; i <= last; i++) {
            if (!kept[i] && shape.dim(i) != 1) {
                return null;
            }
        }
        return new BroadcastShape(
                shape.size(0, first), shape.size(first, last + 1), shape.size(last + 1, shape.rank()));
    }
}
