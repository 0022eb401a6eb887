package org.safeclip.learn;

import org.safeclip.data.Batch;
import org.safeclip.model.ClipModel;
import org.safeclip.nn.Module;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Tensor;

/**
 * Contrast within each modality: the second view of a picture is to find the nearest neighbour, in a pool of past embeddings,
 * of its first view, and captions likewise. No picture ever meets a caption, so a poisoned pair teaches nothing false
 * (SafeCLIP section 4.1):
 *
 * <pre>½[CE(s·I2·NN(I1)ᵀ) + CE(s·T2·NN(T1)ᵀ)]</pre>
 *
 * The neighbours carry no gradient, so first views need no history.
 *
 * @param images pool of picture embeddings
 * @param texts pool of caption embeddings
 */
public record InModal(NeighbourPool images, NeighbourPool texts) implements Objective {
    @Override
    public String name() {
        return "in-modal";
    }

    @Override
    public int views() {
        return 2;
    }

    @Override
    public Tensor loss(ClipModel model, Batch batch) {
        ClipModel still = Module.withoutHistory(model);
        Tensor image = contrast(
                images, Embedder.images(still, batch, 0).value(), Embedder.images(model, batch, 1), model.scale());
        Tensor text = contrast(
                texts, Embedder.texts(still, batch, 0).value(), Embedder.texts(model, batch, 1), model.scale());
        return ContrastiveLoss.mean(image, text);
    }

    /** Asks the pool before it takes the batch in: no sample meets itself. */
    static Tensor contrast(NeighbourPool pool, NdArray first, Tensor second, Tensor scale) {
        Tensor neighbours = Tensor.constant(pool.nearest(first));
        pool.insert(first);
        return ContrastiveLoss.oneWay(second, neighbours, scale);
    }
}
