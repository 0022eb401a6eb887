package org.safeclip.learn;

import org.safeclip.data.Batch;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Tensor;

/**
 * Contrast within each modality: no picture ever meets a caption, so a poisoned pair teaches nothing false (SafeCLIP section
 * 4.1). The second view of a picture is to find the nearest neighbour, in a pool of past embeddings, of its first view, and
 * captions likewise (Dwibedi et al. 2021):
 *
 * <pre>½[CE(s·I2·NN(I1)ᵀ) + CE(s·T2·NN(T1)ᵀ)]</pre>
 *
 * The neighbours carry no gradient. Without neighbours it is to find the first view itself, with gradient through both
 * (Chen et al. 2020); the pools are filled all the same, for later.
 *
 * @param images pool of picture embeddings
 * @param texts pool of caption embeddings
 * @param neighbours whether the pools are asked
 */
public record InModal(NeighbourPool images, NeighbourPool texts, boolean neighbours) implements Objective {
    @Override
    public String name() {
        return "in-modal";
    }

    @Override
    public int views() {
        return 2;
    }

    @Override
    public boolean crossModal() {
        return false;
    }

    @Override
    public Tensor loss(ClipModel model, Batch batch) {
        Tensor image = secondToFirst(images, Embedder.images(model, batch), batch.size(), model.scale());
        Tensor text = secondToFirst(texts, Embedder.texts(model, batch), batch.size(), model.scale());
        return ContrastiveLoss.mean(image, text);
    }

    /** Both views come out of one pass: batch norm sees them as one batch. */
    private Tensor secondToFirst(NeighbourPool pool, Tensor both, int b, Tensor scale) {
        Tensor first = both.slice(0, 0, b);
        Tensor second = both.slice(0, b, 2 * b);
        if (neighbours) {
            return toNeighbours(pool, first.value(), second, scale);
        }
        pool.insert(first.value());
        return ContrastiveLoss.oneWay(second, first, scale);
    }

    /** Asks the pool before it takes the first views in: no sample meets itself. */
    static Tensor toNeighbours(NeighbourPool pool, NdArray first, Tensor second, Tensor scale) {
        Tensor found = Tensor.constant(pool.nearest(first));
        pool.insert(first);
        return ContrastiveLoss.oneWay(second, found, scale);
    }
}
