package org.safeclip.train;

import org.safeclip.data.Augmentation;
import org.safeclip.data.Batch;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.Tensor;

/** What a model is trained on: a loss, and the views of each pair that it needs. */
public interface Objective {
    /** The name for progress and metrics. */
    String name();

    /** Strength of the views. */
    Augmentation.Strength strength();

    /** Views of every pair that the loss looks at, 1 or 2. */
    int views();

    /** Whether the first view is the pair without augmentation. */
    default boolean plainFirst() {
        return false;
    }

    /**
     * The loss, a scalar. It is called inside a scope, so everything it allocates lives until the end of the step.
     *
     * <p>Where several processes share the batch, every one computes the loss of all its pairs, from {@link Embeddings}, which are
     * gathered, and the model's scale; the other parameters must not enter it in another way, or their part of the gradient would
     * count once for each process.
     */
    Tensor loss(ClipModel model, Batch batch);
}
