package org.safeclip.baseline;

import org.safeclip.data.Batch;
import org.safeclip.learn.ContrastiveLoss;
import org.safeclip.learn.Embedder;
import org.safeclip.learn.NeighbourPool;
import org.safeclip.learn.Objective;
import org.safeclip.model.ClipModel;
import org.safeclip.nn.Module;
import org.safeclip.tensor.Tensor;

/**
 * RoCLIP's loss: a picture is matched not with its own caption, which may lie, but with the nearest of a pool of captions
 * (Yang et al. 2023):
 *
 * <pre>½[CE(L) + CE(Lᵀ)], L = s·NN(I)·Iᵀ</pre>
 *
 * The neighbours carry no gradient, so only the picture encoder and s learn. Then the batch's captions enter the pool.
 *
 * @param captions the pool
 */
record CaptionNeighbours(NeighbourPool captions) implements Objective {
    @Override
    public String name() {
        return "pool";
    }

    @Override
    public boolean crossModal() {
        return true;
    }

    @Override
    public int views() {
        return 1;
    }

    @Override
    public Tensor loss(ClipModel model, Batch batch) {
        Tensor loss = loss(captions, Embedder.images(model, batch), model.scale());
        captions.insert(Embedder.texts(Module.withoutHistory(model), batch).value());
        return loss;
    }

    static Tensor loss(NeighbourPool captions, Tensor images, Tensor scale) {
        return ContrastiveLoss.standard(Tensor.constant(captions.nearest(images.value())), images, scale);
    }
}
