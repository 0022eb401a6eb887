package org.safeclip.opencl;

import java.util.Arrays;
import org.safeclip.tensor.backend.BlockCopy;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.WindowShape;

/** Data movement kernels: {@code moves.cl}, {@code windows.cl}. */
final class Moves {
    private static final String FILE = "moves";
    private static final int MOST_AXES = 8;

    private final Queue queue;
    private final LaunchGeometry geometry;

    Moves(Queue queue) {
        this.queue = queue;
        this.geometry = new LaunchGeometry(queue);
    }

    void permute(int[] dims, int[] axes, Storage x, Storage y) {
        int rank = dims.length;
        int[] strides = new int[rank];
        int size = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            strides[axis] = size;
            size *= dims[axis];
        }
        // the axes of y, last one first; neighbours that stay neighbours are one axis, and axes of one number are none
        int[] sizes = new int[rank + 1];
        int[] steps = new int[rank + 1];
        int count = 0;
        for (int j = rank - 1; j >= 0; j--) {
            int dim = dims[axes[j]];
            int step = strides[axes[j]];
            if (dim == 1) {
                continue;
            }
            if (count > 0 && step == steps[count - 1] * sizes[count - 1]) {
                sizes[count - 1] *= dim;
            } else {
                sizes[count] = dim;
                steps[count++] = step;
            }
        }
        boolean runs = count == 0 || steps[0] == 1;
        int cols = count > 0 && runs ? sizes[0] : 1;
        int skipped = count > 0 && runs ? 1 : 0;
        if (count - skipped > MOST_AXES) {
            throw new IllegalArgumentException("permute: " + Arrays.toString(dims) + " to the order "
                    + Arrays.toString(axes) + " moves more than " + MOST_AXES + " axes");
        }
        int[] d = new int[MOST_AXES];
        int[] s = new int[MOST_AXES];
        Arrays.fill(d, 1);
        System.arraycopy(sizes, skipped, d, 0, count - skipped);
        System.arraycopy(steps, skipped, s, 0, count - skipped);
        if (runs) {
            int rows = size / Math.max(1, cols);
            int per = geometry.rows(rows, cols);
            queue.launch(FILE, "permute")
                    .with(rows)
                    .with(cols)
                    .with(per)
                    .with(d)
                    .with(s)
                    .with(x)
                    .with(y)
                    .over(LaunchGeometry.ceil(rows, per));
        } else {
            int per = geometry.numbers(size, 1);
            queue.launch(FILE, "permute_scattered")
                    .with(size)
                    .with(per)
                    .with(d)
                    .with(s)
                    .with(x)
                    .with(y)
                    .over(LaunchGeometry.ceil(size, (long) per * queue.lanes()));
        }
    }

    void gatherRows(int count, int cols, Storage x, IntStorage ids, Storage y) {
        int per = geometry.rows(count, cols);
        queue.launch(FILE, "gather_rows")
                .with(count)
                .with(cols)
                .with(per)
                .with(x)
                .with(ids)
                .with(y)
                .over(LaunchGeometry.ceil(count, per));
    }

    void scatterAddRows(int count, int cols, Storage x, IntStorage ids, Storage y) {
        DeviceBuffer links = queue.temporary(2 * count);
        int each = geometry.numbers(count, count);
        queue.launch(FILE, "scatter_links")
                .with(count)
                .with(each)
                .with(ids)
                .with(links)
                .over(LaunchGeometry.ceil(count, (long) each * queue.lanes()));
        int per = geometry.rows(count, cols);
        queue.launch(FILE, "scatter_add_rows")
                .with(count)
                .with(cols)
                .with(per)
                .with(x)
                .with(ids)
                .with(links)
                .with(y)
                .over(LaunchGeometry.ceil(count, per));
        queue.giveBack(links);
    }

    void copyBlock(BlockCopy block, Storage x, Storage y) {
        int per = geometry.rows(block.rows(), block.cols());
        queue.launch(FILE, "copy_block")
                .with(block.rows())
                .with(block.cols())
                .with(per)
                .with(x)
                .with(block.xOffset())
                .with(block.xStride())
                .with(y)
                .with(block.yOffset())
                .with(block.yStride())
                .over(LaunchGeometry.ceil(block.rows(), per));
    }

    void unfold(WindowShape s, Storage x, Storage y) {
        windows("unfold", s, s.rows(), s.cols(), x, y);
    }

    void fold(WindowShape s, Storage x, Storage y) {
        windows("fold", s, s.batch() * s.channels() * s.height(), s.width(), x, y);
    }

    private void windows(String kernel, WindowShape s, int rows, int cols, Storage x, Storage y) {
        int per = geometry.rows(rows, cols);
        queue.launch("windows", kernel)
                .with(rows)
                .with(per)
                .with(s.channels())
                .with(s.height())
                .with(s.width())
                .with(s.kernel())
                .with(s.stride())
                .with(s.padding())
                .with(s.outHeight())
                .with(s.outWidth())
                .with(x)
                .with(y)
                .over(LaunchGeometry.ceil(rows, per));
    }
}
