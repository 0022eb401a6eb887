package org.safeclip.learn;

import org.safeclip.data.Batch;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.Tensor;

/** What a model is to learn from a batch. */
public interface Objective {
    /** The name for progress and metrics. */
    String name();

    /** Whether pictures are matched with captions, which wants gentler views than matching within a modality. */
    boolean crossModal();

    /** Views of every pair the loss looks at, 1 or 2. */
    int views();

    /** Whether the first view is the pair as it is, without augmentation. */
    default boolean plainFirst() {
        return false;
    }

    /** The loss, one number. Called inside a scope: everything it makes may die after the step. */
    Tensor loss(ClipModel model, Batch batch);
}
