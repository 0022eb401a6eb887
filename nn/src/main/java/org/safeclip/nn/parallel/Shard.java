package org.safeclip.nn.parallel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;

/**
 * The part of N rows that is this process's. The parts follow each other in the order of the ranks and differ by at most one block.
 *
 * @param processes among which the rows are divided
 * @param whole N
 * @param block rows that stay together
 */
public record Shard(Communicator processes, int whole, int block) {
    /** A part of N rows, each of which may be divided from the next. */
    public Shard(Communicator processes, int whole) {
        this(processes, whole, 1);
    }

    /** All N rows, for a process on its own. */
    public static Shard all(int whole) {
        return new Shard(Communicator.alone(), whole);
    }

    /** First row of this process. */
    public int from() {
        return start(processes.rank());
    }

    /** The row after the last of this process. */
    public int to() {
        return start(processes.rank() + 1);
    }

    /** Number of rows of this process. */
    public int count() {
        return to() - from();
    }

    /** Those of N numbers that stand in the rows of this process. */
    public int[] of(int[] numbers) {
        return Arrays.copyOfRange(numbers, from(), to());
    }

    private int start(int rank) {
        long blocks = Math.ceilDiv(whole, block);
        return (int) Math.min(whole, blocks * rank / processes.size() * block);
    }

    /** How many numbers each process has, where every row has {@code width} of them. */
    private int[] counts(int width) {
        int[] counts = new int[processes.size()];
        for (int r = 0; r < counts.length; r++) {
            counts[r] = (start(r + 1) - start(r)) * width;
        }
        return counts;
    }

    /** One number of every row, {@code [N]}, from those of this process. */
    public float[] gather(float[] own) {
        return processes.gather(own, counts(1));
    }

    /**
     * The rows of all processes, from those of this one, with their history. The gradient is that of these rows alone: the other
     * processes take that of theirs from the same loss.
     *
     * @param own {@code [V·n, E]}: n rows for the first view, then n for the second
     * @param views V
     * @return {@code [V·N, E]}
     */
    public Tensor gather(Tensor own, int views) {
        return processes.size() == 1 ? own : joined(own, views, inOrder(own.value(), views));
    }

    /** The numbers of all rows, first views before second ones. */
    private float[] inOrder(NdArray own, int views) {
        int width = own.dim(1);
        float[] byRank = processes.gather(own.toArray(), counts(views * width));
        float[] byView = new float[byRank.length];
        for (int r = 0; r < processes.size(); r++) {
            int rows = start(r + 1) - start(r);
            for (int v = 0; v < views; v++) {
                System.arraycopy(
                        byRank,
                        (views * start(r) + v * rows) * width,
                        byView,
                        (v * whole + start(r)) * width,
                        rows * width);
            }
        }
        return byView;
    }

    /** Own rows with their history between the numbers of the others. */
    private Tensor joined(Tensor own, int views, float[] all) {
        List<Tensor> parts = new ArrayList<>();
        for (int v = 0; v < views; v++) {
            addConstant(parts, own, all, v * whole, v * whole + from());
            parts.add(own.slice(0, v * count(), (v + 1) * count()));
            addConstant(parts, own, all, v * whole + to(), (v + 1) * whole);
        }
        return Tensor.concat(0, parts.toArray(Tensor[]::new));
    }

    private static void addConstant(List<Tensor> parts, Tensor beside, float[] all, int from, int to) {
        if (from < to) {
            int width = beside.dim(1);
            float[] rows = Arrays.copyOfRange(all, from * width, to * width);
            parts.add(Tensor.constant(NdArray.of(beside.value().backend(), Shape.of(to - from, width), rows)));
        }
    }
}
