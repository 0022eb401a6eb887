package org.safeclip.loss;

import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;

/**
 * The contrastive losses. CE(L) is the mean over rows of the cross-entropy of L whose target is the diagonal; s is the
 * learned scale; embeddings have unit length, {@code [B, E]}.
 */
public final class ContrastiveLoss {
    private ContrastiveLoss() {}

    /** CE(s·queries·keysᵀ): every query is to find its own key (InfoNCE, van den Oord et al. 2018). */
    public static Tensor oneWay(Tensor queries, Tensor keys, Tensor scale) {
        return diagonal(queries.matmulTransposed(keys).mul(scale));
    }

    /** ½[CE(L) + CE(Lᵀ)], L = s·images·textsᵀ: the loss of CLIP. */
    public static Tensor standard(Tensor images, Tensor texts, Tensor scale) {
        Tensor logits = images.matmulTransposed(texts).mul(scale);
        return mean(diagonal(logits), diagonal(logits.permute(1, 0)));
    }

    /** ½[CE(s·I1·T2ᵀ) + CE(s·T1·I2ᵀ)]: each view finds the other view of the other modality. */
    public static Tensor crossView(Tensor images1, Tensor texts1, Tensor images2, Tensor texts2, Tensor scale) {
        return mean(oneWay(images1, texts2, scale), oneWay(texts1, images2, scale));
    }

    /** ½(a + b). */
    public static Tensor mean(Tensor a, Tensor b) {
        return a.add(b).scale(0.5f);
    }

    private static Tensor diagonal(Tensor logits) {
        int rows = logits.dim(0);
        int[] numbers = new int[rows];
        for (int r = 0; r < rows; r++) {
            numbers[r] = r;
        }
        Backend backend = logits.value().backend();
        IntStorage targets = backend.allocateInts(rows);
        targets.write(numbers, 0, rows);
        return logits.crossEntropy(targets);
    }
}
