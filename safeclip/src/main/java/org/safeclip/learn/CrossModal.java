package org.safeclip.learn;

import org.safeclip.data.Batch;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.Tensor;

/**
 * The CLIP loss between pictures and captions, in one of its two forms: across two views, as SafeCLIP's release has it, or
 * symmetric on a single view.
 *
 * @param views 2: ½[CE(s·I1·T2ᵀ) + CE(s·T1·I2ᵀ)]; 1: ½[CE(L) + CE(Lᵀ)], L = s·I·Tᵀ
 * @param plainFirst whether the first view is the pair without augmentation
 */
public record CrossModal(int views, boolean plainFirst) implements Objective {
    /** With augmented views only. */
    public CrossModal(int views) {
        this(views, false);
    }

    @Override
    public String name() {
        return "cross-modal";
    }

    @Override
    public boolean crossModal() {
        return true;
    }

    @Override
    public Tensor loss(ClipModel model, Batch batch) {
        Tensor images = Embedder.images(model, batch);
        Tensor texts = Embedder.texts(model, batch);
        if (views == 1) {
            return ContrastiveLoss.standard(images, texts, model.scale());
        }
        int b = batch.size();
        return ContrastiveLoss.crossView(
                images.slice(0, 0, b),
                texts.slice(0, 0, b),
                images.slice(0, b, 2 * b),
                texts.slice(0, b, 2 * b),
                model.scale());
    }
}
