package org.safeclip.opencl;

import java.util.ArrayList;
import java.util.List;

/**
 * Column sums of many matrices in few launches, {@code sums.cl}. They wait until the backward pass is over, the memory of
 * a result is used, or a scope closes.
 */
final class LateSums {
    private static final int MOST = 16;
    private static final int COLUMNS = 32; // of a group
    private static final int ITEMS = 256;

    /** Rows that one group sums, and pieces of a matrix, at most; one of both is larger where a matrix is very tall. */
    private static final int LENGTH = 256;

    private static final int PIECES = 256;

    private final Queue queue;
    private final List<Sum> waiting = new ArrayList<>();
    private final List<DeviceBuffer> lent = new ArrayList<>(); // memory to give back when the sums are enqueued

    /** y[c] = Σ_r x[r, c] over rows that are {@code stride} numbers apart. */
    private record Sum(DeviceBuffer x, int rows, int cols, int stride, DeviceBuffer y) {
        int pieces() {
            return (int) Math.clamp(LaunchGeometry.ceil(rows, LENGTH), 1, PIECES);
        }

        int length() {
            return (int) LaunchGeometry.ceil(rows, pieces());
        }

        int groups() {
            return (int) LaunchGeometry.ceil(cols, COLUMNS) * pieces();
        }
    }

    LateSums(Queue queue) {
        this.queue = queue;
    }

    /** Sums the columns of x [rows, cols], which must not change before. */
    void add(int rows, int cols, DeviceBuffer x, DeviceBuffer y) {
        if (cols > 0) {
            DeviceBuffer.memory(x); // which may itself be a sum that waits
            DeviceBuffer.memory(y);
            waiting.add(new Sum(x, rows, cols, cols, y));
            y.late();
        }
    }

    /** Enqueues the sums that wait, first those of pieces, then those of the pieces' sums. */
    void run() {
        if (waiting.isEmpty()) {
            return;
        }
        List<Sum> sums = List.copyOf(waiting);
        waiting.clear();
        sums.forEach(sum -> sum.y.inTime());
        List<Sum> now = new ArrayList<>();
        List<Sum> then = new ArrayList<>();
        for (Sum sum : sums) {
            if (sum.pieces() == 1) {
                then.add(sum);
            } else {
                DeviceBuffer parts = queue.temporary(Math.multiplyExact(sum.pieces(), sum.cols));
                lent.add(parts);
                now.add(new Sum(sum.x, sum.rows, sum.cols, sum.stride, parts));
                then.add(new Sum(parts, sum.pieces(), sum.cols, sum.cols, sum.y));
            }
        }
        launch(now);
        launch(then);
        lent.forEach(queue::giveBack);
        lent.clear();
    }

    private void launch(List<Sum> sums) {
        for (int from = 0; from < sums.size(); from += MOST) {
            launchFew(sums.subList(from, Math.min(from + MOST, sums.size())));
        }
    }

    private void launchFew(List<Sum> sums) {
        int[][] sizes = new int[5][MOST];
        int groups = 0;
        for (int i = 0; i < MOST; i++) {
            Sum sum = sums.get(Math.min(i, sums.size() - 1));
            sizes[0][i] = sum.rows;
            sizes[1][i] = sum.cols;
            sizes[2][i] = sum.stride;
            sizes[3][i] = sum.length();
            sizes[4][i] = i < sums.size() ? groups : Integer.MAX_VALUE;
            groups += i < sums.size() ? sum.groups() : 0;
        }
        Launch launch = queue.launch("sums", "sum_many_columns");
        for (int[] each : sizes) {
            launch.with(each);
        }
        for (int i = 0; i < MOST; i++) {
            Sum sum = sums.get(Math.min(i, sums.size() - 1));
            launch.with(sum.x).with(sum.y);
        }
        launch.run(new long[] {(long) groups * ITEMS}, new long[] {ITEMS});
    }
}
