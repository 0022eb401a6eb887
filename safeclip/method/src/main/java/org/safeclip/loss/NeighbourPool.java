package org.safeclip.loss;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Batch;
import org.safeclip.data.Batches;
import org.safeclip.data.RandomKey;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.nn.Module;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.train.Embeddings;
import org.safeclip.train.Trainer;

/**
 * The last M embeddings of training, first in, first out, in which a view finds its nearest neighbour (Dwibedi et al. 2021;
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
        int count = Math.min(batch.dim(0), size - pointer);
        rows.setRows(pointer, batch, count);
        pointer = (pointer + count) % size;
    }

    /**
     * Overwrites pools with embeddings of pairs drawn from all, without augmentation and as the model sees them now.
     *
     * @param draw the number of the draw, see {@link RandomKey#refill}
     * @param images pool of image embeddings, null for none
     * @param texts pool of caption embeddings
     */
    @SuppressWarnings("try") // the scope is there to be closed
    public static void refill(Trainer trainer, int draw, @Nullable NeighbourPool images, NeighbourPool texts) {
        ClipModel constant = Module.detached(trainer.model());
        int left = texts.rows().dim(0);
        int batchSize = trainer.settings().batchSize();
        for (int[] pairs : Batches.shuffled(trainer.allPairs(), batchSize, trainer.key(), draw)) {
            if (left > 0) {
                Batch batch = trainer.augmentation().plain(pairs);
                try (Scope scope = constant.backend().scope()) {
                    texts.insert(Embeddings.captions(constant, batch).value());
                    if (images != null) {
                        images.insert(Embeddings.images(constant, batch, Mode.EVALUATION)
                                .value());
                    }
                }
                left -= pairs.length;
            }
        }
    }

    /** Overwrites rows and pointer with those of a checkpoint. */
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
