package org.safeclip.baseline;

import org.safeclip.data.Augmentation;
import org.safeclip.data.Batch;
import org.safeclip.loss.ContrastiveLoss;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.Tensor;
import org.safeclip.train.Embeddings;
import org.safeclip.train.Objective;

/**
 * CleanCLIP's loss: CLIP's on the pairs as they are, and each original against its own augmented view, which loosens what a
 * trigger had bound (Bansal et al. 2023):
 *
 * <pre>L_CLIP(I, T) + weight · ½[CE(s·I·Ĩᵀ) + CE(s·T·T̃ᵀ)]</pre>
 *
 * @param weight of the second part, λ2 there
 */
record CleanLoss(double weight) implements Objective {
    @Override
    public String name() {
        return "clean";
    }

    @Override
    public Augmentation.Strength strength() {
        return Augmentation.Strength.STRONG;
    }

    @Override
    public int views() {
        return 2;
    }

    @Override
    public boolean plainFirst() {
        return true;
    }

    @Override
    public Tensor loss(ClipModel model, Batch batch) {
        Tensor images = Embeddings.images(model, batch);
        Tensor texts = Embeddings.captions(model, batch);
        int b = batch.size();
        return loss(
                images.slice(0, 0, b),
                texts.slice(0, 0, b),
                images.slice(0, b, 2 * b),
                texts.slice(0, b, 2 * b),
                model.scale(),
                (float) weight);
    }

    static Tensor loss(Tensor images, Tensor texts, Tensor otherImages, Tensor otherTexts, Tensor scale, float weight) {
        Tensor inModal = ContrastiveLoss.mean(
                ContrastiveLoss.oneWay(images, otherImages, scale), ContrastiveLoss.oneWay(texts, otherTexts, scale));
        return ContrastiveLoss.standard(images, texts, scale).add(inModal.scale(weight));
    }
}
