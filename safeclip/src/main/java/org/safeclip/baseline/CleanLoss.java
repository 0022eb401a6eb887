package org.safeclip.baseline;

import org.safeclip.data.Batch;
import org.safeclip.learn.ContrastiveLoss;
import org.safeclip.learn.Embedder;
import org.safeclip.learn.Objective;
import org.safeclip.model.ClipModel;
import org.safeclip.tensor.Tensor;

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
    public boolean crossModal() {
        return false; // the augmented view is of the strong kind, as within one modality
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
        Tensor images = Embedder.images(model, batch);
        Tensor texts = Embedder.texts(model, batch);
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
