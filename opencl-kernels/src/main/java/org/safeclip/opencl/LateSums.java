package org.safeclip.opencl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Column sums of many matrices, and moving averages, in few launches, {@code sums.cl}. They wait until the backward pass
 * is over, the memory of a result is used, or a scope closes.
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
    private final Map<DeviceBuffer, Integer> lent = new HashMap<>(); // to give back after so many sums
    private long lentNumbers;

    /** y[c] = keep·y[c] + take·Σ_r x[offset + r·stride + c]. */
    private record Sum(
            DeviceBuffer x, int offset, int rows, int cols, int stride, float keep, float take, DeviceBuffer y) {
        int pieces() {
            return Math.clamp(LaunchGeometry.ceil(rows, LENGTH), 1, PIECES);
        }

        int length() {
            return (int) LaunchGeometry.ceil(rows, pieces());
        }

        int groups() {
            return (int) LaunchGeometry.ceil(cols, COLUMNS) * pieces();
        }

        Sum pieces(DeviceBuffer parts) {
            return new Sum(x, offset, rows, cols, stride, 0, 1, parts);
        }

        Sum ofPieces(DeviceBuffer parts) {
            return new Sum(parts, 0, pieces(), cols, cols, keep, take, y);
        }
    }

    LateSums(Queue queue) {
        this.queue = queue;
    }

    /** Sums the columns of x [rows, cols], which must not change before. */
    void add(int rows, int cols, DeviceBuffer x, DeviceBuffer y) {
        add(new Sum(x, 0, rows, cols, cols, 0, 1, y));
    }

    /** Moves y towards x, which must not change before: keep·y + take·x. */
    void average(int n, float keep, float take, DeviceBuffer x, DeviceBuffer y) {
        add(new Sum(x, 0, 1, n, n, keep, take, y));
    }

    /** Sums the columns of temporary memory [rows, cols], which is given back afterwards. */
    void addParts(int rows, int cols, DeviceBuffer parts, DeviceBuffer y) {
        lend(parts, 1);
        add(rows, cols, parts, y);
        limit();
    }

    /** Sums temporary memory [rows, 2, cols] to two results of cols numbers; it is given back afterwards. */
    void addParts(int rows, int cols, DeviceBuffer parts, DeviceBuffer first, DeviceBuffer second) {
        lend(parts, 2);
        add(new Sum(parts, 0, rows, cols, 2 * cols, 0, 1, first));
        add(new Sum(parts, cols, rows, cols, 2 * cols, 0, 1, second));
        limit();
    }

    private void lend(DeviceBuffer parts, int sums) {
        lent.put(parts, sums);
        lentNumbers += parts.length();
    }

    private void limit() {
        if (lentNumbers > LENT) {
            run();
        }
    }

    private void add(Sum sum) {
        DeviceBuffer.memory(sum.x); // which may itself be a sum that waits
        DeviceBuffer.memory(sum.y);
        waiting.add(sum);
        sum.y.late();
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
            Integer left = lent.computeIfPresent(sum.x, (_, readers) -> readers - 1);
            if (left != null && left == 0) {
                lent.remove(sum.x);
                lentNumbers -= sum.x.length();
                done.add(sum.x);
            }
            if (sum.pieces() == 1) {
                then.add(sum);
            } else {
                DeviceBuffer parts = queue.temporary(Math.multiplyExact(sum.pieces(), sum.cols));
                done.add(parts);
                now.add(sum.pieces(parts));
                then.add(sum.ofPieces(parts));
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
        int[][] sizes = new int[8][MOST];
        int groups = 0;
        for (int i = 0; i < MOST; i++) {
            Sum sum = sums.get(Math.min(i, sums.size() - 1));
            sizes[0][i] = sum.offset;
            sizes[1][i] = sum.rows;
            sizes[2][i] = sum.cols;
            sizes[3][i] = sum.stride;
            sizes[4][i] = sum.length();
            sizes[5][i] = i < sums.size() ? groups : Integer.MAX_VALUE;
            sizes[6][i] = Float.floatToRawIntBits(sum.keep);
            sizes[7][i] = Float.floatToRawIntBits(sum.take);
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
