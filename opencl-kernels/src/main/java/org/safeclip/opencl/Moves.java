package org.safeclip.opencl;

import org.safeclip.tensor.backend.BlockCopy;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.WindowShape;

/** Data movement kernels: {@code moves.cl}, {@code windows.cl}. */
final class Moves {
    private static final String FILE = "moves";
    private static final int TILE = 32;
    /** Axes below this are not worth a tile. */
    private static final int NARROWEST_TILE = 8;
    /** Numbers in local memory while lines of pixels are unfolded. */
    private static final int LINE_NUMBERS = 6144;

    private static final int FEWEST_CHANNELS = 4;
    private static final int MOST_CHANNELS = 32;
    /** Items of a window, each with lines of it. */
    private static final int MOST_LINES = 32;
    /** Items of a line of pixels that windows are folded to. */
    private static final int PIXEL_ITEMS = 8;

    private final Queue queue;
    private final LaunchGeometry geometry;

    Moves(Queue queue) {
        this.queue = queue;
        this.geometry = new LaunchGeometry(queue);
    }

    void permute(int[] dims, int[] axes, Storage x, Storage y) {
        Permutation p = Permutation.of(dims, axes);
        if (p.count() == 0 || p.run() == 1) {
            runs(p, x, y);
        } else if (queue.family() == Family.GPU && Math.min(p.dims()[0], p.dims()[p.along()]) >= NARROWEST_TILE) {
            tiles(p, x, y);
        } else {
            scattered(p, x, y);
        }
    }

    private void runs(Permutation p, Storage x, Storage y) {
        int cols = p.cols();
        int rows = p.size() / Math.max(1, cols);
        int[] skipped = p.count() == 0 ? new int[0] : new int[] {0};
        WorkGroup group = geometry.moveGroup(cols, cols);
        queue.launch(FILE, group, "permute")
                .with(rows)
                .with(cols)
                .with(geometry.rows(rows, cols))
                .with(p.without(p.dims(), 1, skipped))
                .with(p.without(p.from(), 0, skipped))
                .with(x)
                .with(y)
                .over(geometry.groups(rows, cols, group));
    }

    private void tiles(Permutation p, Storage x, Storage y) {
        int along = p.along();
        int across = p.dims()[0];
        long tiles = LaunchGeometry.ceil(across, TILE) * LaunchGeometry.ceil(p.dims()[along], TILE);
        queue.launch(FILE, geometry.singleGroup(), "-DTILE=" + TILE, "permute_tiles")
                .with(across)
                .with(p.dims()[along])
                .with(p.from()[0])
                .with(p.to()[along])
                .with(p.without(p.dims(), 1, 0, along))
                .with(p.without(p.from(), 0, 0, along))
                .with(p.without(p.to(), 0, 0, along))
                .with(x)
                .with(y)
                .over(tiles * (p.size() / across / p.dims()[along]));
    }

    private void scattered(Permutation p, Storage x, Storage y) {
        int per = geometry.numbers(p.size(), 1);
        queue.launch(FILE, geometry.singleGroup(), "permute_scattered")
                .with(p.size())
                .with(per)
                .with(p.without(p.dims(), 1))
                .with(p.without(p.from(), 0))
                .with(x)
                .with(y)
                .over(LaunchGeometry.ceil(p.size(), (long) per * queue.lanes()));
    }

    void gatherRows(int count, int cols, Storage x, IntStorage ids, Storage y) {
        WorkGroup group = geometry.moveGroup(cols, cols);
        queue.launch(FILE, group, "gather_rows")
                .with(count)
                .with(cols)
                .with(geometry.rows(count, cols))
                .with(x)
                .with(ids)
                .with(y)
                .over(geometry.groups(count, cols, group));
    }

    void scatterAddRows(int count, int cols, Storage x, IntStorage ids, Storage y) {
        DeviceBuffer links = queue.temporary(2 * count);
        int each = geometry.numbers(count, count);
        queue.launch(FILE, geometry.singleGroup(), "scatter_links")
                .with(count)
                .with(each)
                .with(ids)
                .with(links)
                .over(LaunchGeometry.ceil(count, (long) each * queue.lanes()));
        WorkGroup group = geometry.moveGroup(cols, cols);
        queue.launch(FILE, group, "scatter_add_rows")
                .with(count)
                .with(cols)
                .with(geometry.rows(count, cols))
                .with(x)
                .with(ids)
                .with(links)
                .with(y)
                .over(geometry.groups(count, cols, group));
        queue.giveBack(links);
    }

    void copyBlock(BlockCopy block, Storage x, Storage y) {
        int steps = block.xOffset() | block.xStride() | block.yOffset() | block.yStride(); // a multiple of 4 if all are
        WorkGroup group = geometry.moveGroup(block.cols(), steps);
        queue.launch(FILE, group, "copy_block")
                .with(block.rows())
                .with(block.cols())
                .with(geometry.rows(block.rows(), block.cols()))
                .with(x)
                .with(block.xOffset())
                .with(block.xStride())
                .with(y)
                .with(block.yOffset())
                .with(block.yStride())
                .over(geometry.groups(block.rows(), block.cols(), group));
    }

    void unfold(WindowShape s, Storage x, Storage y) {
        int channels =
                Math.min(s.channels(), LINE_NUMBERS / s.kernel() / ((s.outWidth() - 1) * s.stride() + s.kernel()));
        if (queue.family() == Family.GPU && s.channels() >= FEWEST_CHANNELS && channels >= FEWEST_CHANNELS) {
            lines(s, Math.min(channels, MOST_CHANNELS), x, y);
        } else {
            int lines = s.channels() * s.kernel();
            windows("unfold", s, geometry.singleRowGroup(Math.min(lines, MOST_LINES)), s.rows(), lines, x, y);
        }
    }

    /** A line of windows and some channels for each group. */
    private void lines(WindowShape s, int channels, Storage x, Storage y) {
        int lines = channels * s.kernel() * ((s.outWidth() - 1) * s.stride() + s.kernel());
        String options = "-DWINDOW=" + s.kernel() + " -DCHANNELS=" + channels + " -DLINES=" + lines;
        queue.launch("windows", geometry.singleGroup(), options, "unfold_lines")
                .with(s.channels())
                .with(s.height())
                .with(s.width())
                .with(s.stride())
                .with(s.padding())
                .with(s.outHeight())
                .with(s.outWidth())
                .with(x)
                .with(y)
                .over(LaunchGeometry.ceil(s.channels(), channels) * s.batch() * s.outHeight());
    }

    void fold(WindowShape s, Storage x, Storage y) {
        int rows = s.batch() * s.channels() * s.height();
        windows("fold", s, geometry.singleRowGroup(PIXEL_ITEMS), rows, s.width(), x, y);
    }

    private void windows(String kernel, WindowShape s, WorkGroup group, int rows, int cols, Storage x, Storage y) {
        queue.launch("windows", group, kernel)
                .with(rows)
                .with(geometry.rows(rows, cols))
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
                .over(geometry.groups(rows, cols, group));
    }
}
