package org.safeclip.opencl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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

    /** Numbers of parts that are kept for later, at most: 256 MiB. */
    private static final long LENT = 1 << 26;

    private final Queue queue;
    private final Set<Sum> waiting = new LinkedHashSet<>();
    private final Set<DeviceBuffer> lent = new HashSet<>(); // memory to give back when its sum is enqueued
    private long lentNumbers;

    /** y[c] = Σ_r x[r, c]. */
    private record Sum(DeviceBuffer x, int rows, int cols, DeviceBuffer y) {
        int pieces() {
            return Math.clamp(LaunchGeometry.ceil(rows, LENGTH), 1, PIECES);
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
            waiting.add(new Sum(x, rows, cols, y));
            y.late();
        }
    }

    /** Sums the columns of temporary memory [rows, cols], which is given back afterwards. */
    void addParts(int rows, int cols, DeviceBuffer parts, DeviceBuffer y) {
        add(rows, cols, parts, y);
        lent.add(parts);
        lentNumbers += parts.length();
        if (lentNumbers > LENT) {
            run();
        }
    }

    /** Enqueues all sums that wait. */
    void run() {
        run(List.copyOf(waiting));
    }

    /** Enqueues the sum that waits to be written to y, since y is about to be used. */
    void run(DeviceBuffer y) {
        run(waiting.stream().filter(sum -> sum.y.equals(y)).toList());
    }

    /** First the sums of pieces, then those of the pieces' sums. */
    private void run(List<Sum> sums) {
        waiting.removeAll(sums);
        sums.forEach(sum -> sum.y.inTime());
        List<Sum> now = new ArrayList<>();
        List<Sum> then = new ArrayList<>();
        List<DeviceBuffer> done = new ArrayList<>();
        for (Sum sum : sums) {
            if (lent.remove(sum.x)) {
                lentNumbers -= sum.x.length();
                done.add(sum.x);
            }
            if (sum.pieces() == 1) {
                then.add(sum);
            } else {
                DeviceBuffer parts = queue.temporary(Math.multiplyExact(sum.pieces(), sum.cols));
                done.add(parts);
                now.add(new Sum(sum.x, sum.rows, sum.cols, parts));
                then.add(new Sum(parts, sum.pieces(), sum.cols, sum.y));
            }
        }
        launch(now);
        launch(then);
        done.forEach(queue::giveBack);
    }

    private void launch(List<Sum> sums) {
        for (int from = 0; from < sums.size(); from += MOST) {
            launchFew(sums.subList(from, Math.min(from + MOST, sums.size())));
        }
    }

    private void launchFew(List<Sum> sums) {
        int[][] sizes = new int[4][MOST];
        int groups = 0;
        for (int i = 0; i < MOST; i++) {
            Sum sum = sums.get(Math.min(i, sums.size() - 1));
            sizes[0][i] = sum.rows;
            sizes[1][i] = sum.cols;
            sizes[2][i] = sum.length();
            sizes[3][i] = i < sums.size() ? groups : Integer.MAX_VALUE;
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
