package org.safeclip.learn;

import java.util.random.RandomGenerator;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.backend.Backend;

/**
 * The last M embeddings that passed, first in, first out: where a view looks for its nearest neighbour (Dwibedi et al. 2021;
 * SafeCLIP section 4.1). It starts as random directions.
 */
public final class NeighbourPool {
    private final NdArray rows; // [M, E], unit length
    private int pointer;

    private NeighbourPool(NdArray rows) {
        this.rows = rows;
    }

    /** A pool of {@code size} random directions. */
    public static NeighbourPool random(int size, int width, Backend backend, RandomGenerator random) {
        float[] numbers = new float[size * width];
        for (int r = 0; r < size; r++) {
            double squares = 0;
            for (int i = r * width; i < (r + 1) * width; i++) {
                numbers[i] = (float) random.nextGaussian();
                squares += numbers[i] * numbers[i];
            }
            for (int i = r * width; i < (r + 1) * width; i++) {
                numbers[i] /= (float) Math.sqrt(squares);
            }
        }
        return new NeighbourPool(NdArray.of(backend, Shape.of(size, width), numbers));
    }

    /** A pool of these rows, which are copied, as if {@code pointer} were the place of the next insertion. */
    public static NeighbourPool of(NdArray rows, int pointer) {
        NeighbourPool pool = new NeighbourPool(NdArray.of(rows.backend(), rows.shape(), rows.toArray()));
        pool.pointer = pointer;
        return pool;
    }

    /** For every query {@code [B, E]} the row of largest cosine; queries have unit length. */
    public NdArray nearest(NdArray queries) {
        return rows.gatherRows(queries.nearest(rows), queries.dim(0));
    }

    /** Puts a batch over the oldest rows. At the end of the pool the surplus is dropped and the pointer returns to 0. */
    public void insert(NdArray batch) {
        int size = rows.dim(0);
        int width = rows.dim(1);
        int count = Math.min(batch.dim(0), size - pointer);
        rows.backend()
                .kernels()
                .copyBlock(count, width, batch.storage(), 0, width, rows.storage(), pointer * width, width);
        pointer = (pointer + count) % size;
    }

    /** Overwrites rows and pointer by those of a checkpoint. */
    public void restore(float[] numbers, int at) {
        rows.set(numbers);
        pointer = at;
    }

    /** The rows, {@code [M, E]}. */
    public NdArray rows() {
        return rows;
    }

    /** Where the next batch goes. */
    public int pointer() {
        return pointer;
    }
}
