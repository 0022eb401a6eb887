package org.safeclip.opencl;

import java.util.Locale;
import org.safeclip.tensor.backend.Fold;
import org.safeclip.tensor.backend.Spread;
import org.safeclip.tensor.backend.Storage;

/**
 * Folds, {@code reduce.cl}: {@code [outer, count, inner]} first along rows to {@code [outer, count]}, then along columns. Long
 * runs are cut into pieces whose results are folded again; the cuts depend on sizes and the family alone.
 */
final class Reductions {
    private static final int ROW_PIECE = 1 << 14;
    private static final int COLUMN_PIECE = 128;

    private final Queue queue;
    private final Cut cut;

    Reductions(Queue queue) {
        this.queue = queue;
        this.cut = new Cut(queue);
    }

    void reduce(Fold fold, Spread s, Storage x, Storage y) {
        String name = fold.name().toLowerCase(Locale.ROOT);
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

    private void rows(String fold, int rows, int cols, Storage x, Storage y) {
        int pieces = (int) Math.max(1, Cut.ceil(cols, ROW_PIECE));
        int length = (int) Math.max(1, Cut.ceil(cols, pieces));
        if (pieces == 1) {
            rows(fold, rows, cols, 1, length, x, y);
        } else {
            DeviceBuffer parts = queue.temporary(rows * pieces);
            rows(fold, rows, cols, pieces, length, x, parts);
            rows(fold, rows, pieces, parts, y);
            queue.giveBack(parts);
        }
    }

    private void rows(String fold, int rows, int cols, int pieces, int length, Storage x, Storage y) {
        int units = rows * pieces;
        int per = cut.rows(units, length);
        queue.launch("reduce", fold + "_rows")
                .with(units)
                .with(per)
                .with(pieces)
                .with(cols)
                .with(length)
                .with(x)
                .with(y)
                .over(Cut.ceil(units, per));
    }

    private void columns(String fold, int rows, int cols, Storage x, Storage y) {
        if (cols == 1) {
            rows(fold, 1, rows, x, y);
            return;
        }
        int pieces = pieces(rows);
        int length = (int) Math.max(1, Cut.ceil(rows, pieces));
        if (pieces == 1) {
            columns(fold, rows, cols, 1, length, x, y);
        } else {
            DeviceBuffer parts = queue.temporary(pieces * cols);
            columns(fold, rows, cols, pieces, length, x, parts);
            columns(fold, pieces, cols, parts, y);
            queue.giveBack(parts);
        }
    }

    /** How many pieces a column of that many numbers is cut into. */
    static int pieces(int rows) {
        return (int) Math.max(1, Cut.ceil(rows, COLUMN_PIECE));
    }

    private void columns(String fold, int rows, int cols, int pieces, int length, Storage x, Storage y) {
        int blocks = cut.blocks(cols);
        queue.launch("reduce", fold + "_columns")
                .with(rows)
                .with(cols)
                .with(length)
                .with(blocks)
                .with(x)
                .with(y)
                .over((long) pieces * blocks);
    }
}
