package org.safeclip.learn;

import org.safeclip.data.Batch;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.model.Tokens;
import org.safeclip.tensor.Tensor;

/** From the rows of a batch to embeddings of unit length. */
public final class Embedder {
    private Embedder() {}

    /** Pictures of all views in one pass, views one after the other, {@code [V·B, E]}. */
    public static Tensor images(ClipModel model, Batch batch) {
        return images(model, batch, Mode.TRAINING);
    }

    /** The same in a mode. */
    public static Tensor images(ClipModel model, Batch batch, Mode mode) {
        return model.embedImages(batch.images(), batch.views() * batch.size(), batch.imageSize(), mode);
    }

    /** Captions of all views in one pass, views one after the other, {@code [V·B, E]}. */
    public static Tensor texts(ClipModel model, Batch batch) {
        return model.embedTexts(new Tokens(batch.views() * batch.size(), batch.length(), batch.tokens()));
    }
}
