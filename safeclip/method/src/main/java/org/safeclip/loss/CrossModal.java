package org.safeclip.loss;

import org.safeclip.data.Augmentation;
import org.safeclip.data.Batch;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.Tensor;
import org.safeclip.train.Embeddings;
import org.safeclip.train.Objective;

/**
 * The CLIP loss between images and captions in one of two forms: across two views, as in SafeCLIP's release, or symmetric on a
 * single view, as in CLIP.
 *
 * @param views 2: ½[CE(s·I1·T2ᵀ) + CE(s·T1·I2ᵀ)]; 1: ½[CE(L) + CE(Lᵀ)], L = s·I·Tᵀ
 * @param plainFirst whether the first view is the pair without augmentation
 */
public record CrossModal(int views, boolean plainFirst) implements Objective {
    /** The loss on augmented views only. */
    public CrossModal(int views) {
        this(views, false);
    }

    @Override
    public String name() {
        return "cross-modal";
    }

    @Override
    public Augmentation.Strength strength() {
        return Augmentation.Strength.WEAK;
    }

    @Override
    public Tensor loss(ClipModel model, Batch batch) {
        Tensor images = Embeddings.images(model, batch);
        Tensor texts = Embeddings.captions(model, batch);
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
