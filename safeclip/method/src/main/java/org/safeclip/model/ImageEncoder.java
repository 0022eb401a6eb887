package org.safeclip.model;

import org.safeclip.nn.Module;
import org.safeclip.tensor.Tensor;

/** From images to features. */
public sealed interface ImageEncoder extends Module permits VisionTransformer, ConvNet, ModifiedResNet {
    /** Features {@code [B, E]} of images {@code [B, 3, S, S]}, not normalised. */
    Tensor features(Tensor images, Mode mode);
}
