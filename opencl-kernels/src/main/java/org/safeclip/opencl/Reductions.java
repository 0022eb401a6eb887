package org.safeclip.opencl;

import java.util.Locale;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.Reduction;
import org.safeclip.tensor.backend.Storage;

/**
 * Reductions, {@code reduce.cl}: {@code [outer, count, inner]} first along rows to {@code [outer, count]}, then along
 * columns. Long rows and columns are split into pieces whose results are reduced again; the split depends on sizes and
 * family alone.
 */
final class Reductions {
    private static final int ROW_PIECE = 1 << 14;
    private static final int COLUMN_PIECE = 512;
    /** Pieces of rows begin at multiples of it. */
    private static final int ALIGNED = 16;
    /** Columns of a group on GPUs, at most and at least. */
    private static final int GROUP_COLUMNS = 128;

    private static final int FEWEST_COLUMNS = 16;
    /** Groups that a GPU should have: with fewer, a group takes fewer columns and more rows at a time. */
    private static final int ENOUGH_GROUPS = 512;

    private final Queue queue;
    private final LaunchGeometry geometry;

    Reductions(Queue queue) {
        this.queue = queue;
        this.geometry = new LaunchGeometry(queue);
    }

    void reduce(Reduction reduction, BroadcastShape s, Storage x, Storage y) {
        String name = reduction.name().toLowerCase(Locale.ROOT);
        if (s.inner() == 1) {
            columns(name, s.outer(), s.count(), x, y);
        } else if (s.outer() == 1) {
            rows(name, s.count(), s.inner(), x, y);
        } else {
            DeviceBuffer runs = queue.temporary(s.outer() * s.count());
            rows(name, s.outer() * s.count(), s.inner(), x, runs);
            columns(name, s.outer(), s.count(), runs, y);
            queue.giveBack(runs);
        }
    }

    private void rows(String reduction, int rows, int cols, Storage x, Storage y) {
        int fair = (int) Math.max(1, LaunchGeometry.ceil(cols, ROW_PIECE));
        if (fair == 1) {
            rows(reduction, rows, cols, 1, cols, x, y);
        } else {
            int length = (int) LaunchGeometry.ceil(LaunchGeometry.ceil(cols, fair), ALIGNED) * ALIGNED;
            int pieces = (int) LaunchGeometry.ceil(cols, length);
            DeviceBuffer parts = queue.temporary(rows * pieces);
            rows(reduction, rows, cols, pieces, length, x, parts);
            rows(reduction, rows, pieces, parts, y);
            queue.giveBack(parts);
        }
    }

    private void rows(String reduction, int rows, int cols, int pieces, int length, Storage x, Storage y) {
        int units = rows * pieces;
        WorkGroup group = geometry.rowGroup(length, cols);
        queue.launch("reduce", group, reduction + "_rows")
                .with(units)
                .with(geometry.rows(units, length))
                .with(pieces)
                .with(cols)
                .with(length)
                .with(x)
                .with(y)
                .over(geometry.groups(units, length, group));
    }

    private void columns(String reduction, int rows, int cols, Storage x, Storage y) {
        if (cols == 1) {
            rows(reduction, 1, rows, x, y);
            return;
        }
        int pieces = pieces(rows);
        int length = (int) Math.max(1, LaunchGeometry.ceil(rows, pieces));
        if (pieces == 1) {
            columns(reduction, rows, cols, 1, length, x, y);
        } else {
            DeviceBuffer parts = queue.temporary(pieces * cols);
            columns(reduction, rows, cols, pieces, length, x, parts);
            columns(reduction, pieces, cols, parts, y);
            queue.giveBack(parts);
        }
    }

    /** Number of pieces a column of this many rows is split into. */
    static int pieces(int rows) {
        return (int) Math.max(1, LaunchGeometry.ceil(rows, COLUMN_PIECE));
    }

    private void columns(String reduction, int rows, int cols, int pieces, int length, Storage x, Storage y) {
        int most = GROUP_COLUMNS;
        while (most > FEWEST_COLUMNS && (long) pieces * cols / most < ENOUGH_GROUPS) {
            most /= 2;
        }
        WorkGroup group = geometry.columnGroup(cols, most);
        int blocks = (int) LaunchGeometry.ceil(cols, group.columns());
        queue.launch("reduce", group, reduction + "_columns")
                .with(rows)
                .with(cols)
                .with(length)
                .with(blocks)
                .with(x)
                .with(y)
                .over((long) pieces * blocks);
    }
}
