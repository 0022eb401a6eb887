package org.safeclip.baseline;

import org.safeclip.data.Augmentation;
import org.safeclip.data.Batch;
import org.safeclip.loss.ContrastiveLoss;
import org.safeclip.loss.NeighbourPool;
import org.safeclip.model.ClipModel;
import org.safeclip.nn.Module;
import org.safeclip.tensor.Tensor;
import org.safeclip.train.Embeddings;
import org.safeclip.train.Objective;

/**
 * RoCLIP's loss: an image is matched not with its own caption, which may be false, but with the nearest of a pool of captions
 * (Yang et al. 2023):
 *
 * <pre>½[CE(L) + CE(Lᵀ)], L = s·NN(I)·Iᵀ</pre>
 *
 * The neighbours carry no gradient, so only the image encoder and s learn. Then the batch's captions enter the pool.
 *
 * @param captions the pool
 */
record CaptionNeighbours(NeighbourPool captions) implements Objective {
    @Override
    public String name() {
        return "pool";
    }

    @Override
    public Augmentation.Strength strength() {
        return Augmentation.Strength.WEAK;
    }

    @Override
    public int views() {
        return 1;
    }

    @Override
    public Tensor loss(ClipModel model, Batch batch) {
        Tensor loss = loss(captions, Embeddings.images(model, batch), model.scale());
        captions.insert(Embeddings.captions(Module.detached(model), batch).value());
        return loss;
    }

    static Tensor loss(NeighbourPool captions, Tensor images, Tensor scale) {
        return ContrastiveLoss.standard(Tensor.constant(captions.nearest(images.value())), images, scale);
    }
}
