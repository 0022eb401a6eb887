package org.safeclip.loss;

import org.safeclip.data.Augmentation;
import org.safeclip.data.Batch;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Tensor;
import org.safeclip.train.Embeddings;
import org.safeclip.train.Objective;

/**
 * Contrast within each modality: no image ever meets a caption, so a poisoned pair teaches nothing false (SafeCLIP section 4.1).
 * The second view of an image is matched with the nearest neighbour of its first view in a pool of past embeddings, and the second
 * view of a caption with that of its first view (Dwibedi et al. 2021):
 *
 * <pre>½[CE(s·I2·NN(I1)ᵀ) + CE(s·T2·NN(T1)ᵀ)]</pre>
 *
 * The neighbours carry no gradient. Without neighbours the second view is matched with the first one itself, with gradient through
 * both (Chen et al. 2020); the pools are filled all the same, for later.
 *
 * @param images pool of image embeddings
 * @param texts pool of caption embeddings
 * @param neighbours whether views are matched with neighbours
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
    public Augmentation.Strength strength() {
        return Augmentation.Strength.STRONG;
    }

    @Override
    public Tensor loss(ClipModel model, Batch batch) {
        Tensor image = secondToFirst(images, Embeddings.images(model, batch), batch.size(), model.scale());
        Tensor text = secondToFirst(texts, Embeddings.captions(model, batch), batch.size(), model.scale());
        return ContrastiveLoss.mean(image, text);
    }

    /** Both views come out of one forward pass, so batch norm sees them as one batch. */
    private Tensor secondToFirst(NeighbourPool pool, Tensor both, int b, Tensor scale) {
        Tensor first = both.slice(0, 0, b);
        Tensor second = both.slice(0, b, 2 * b);
        if (neighbours) {
            return toNeighbours(pool, first.value(), second, scale);
        }
        pool.insert(first.value());
        return ContrastiveLoss.oneWay(second, first, scale);
    }

    /** Queries the pool before it inserts the first views, so no sample meets itself. */
    static Tensor toNeighbours(NeighbourPool pool, NdArray first, Tensor second, Tensor scale) {
        Tensor found = Tensor.constant(pool.nearest(first));
        pool.insert(first);
        return ContrastiveLoss.oneWay(second, found, scale);
    }
}
