package org.safeclip.learn;

import org.safeclip.data.Batch;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.Tensor;

/**
 * Contrast within each modality without pools: the second view of a picture is to find its first view among those of the
 * batch, and captions likewise, with gradient through both (SimCLR, Chen et al. 2020; the release of SafeCLIP with its pools
 * switched off):
 *
 * <pre>½[CE(s·I2·I1ᵀ) + CE(s·T2·T1ᵀ)]</pre>
 */
public record InModalViews() implements Objective {
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
        Tensor image = contrast(Embedder.images(model, batch), batch.size(), model.scale());
        Tensor text = contrast(Embedder.texts(model, batch), batch.size(), model.scale());
        return ContrastiveLoss.mean(image, text);
    }

    private static Tensor contrast(Tensor both, int b, Tensor scale) {
        return ContrastiveLoss.oneWay(both.slice(0, b, 2 * b), both.slice(0, 0, b), scale);
    }
}
