package org.safeclip.nn;

import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Unary;

/** Activation function of an {@link Mlp}. */
public enum Activation {
    /** x·Φ(x), the exact GELU (Hendrycks and Gimpel 2016). */
    GELU,
    /** x·σ(1.702x), the GELU approximation of OpenAI's CLIP. */
    QUICK_GELU;

    /** Applies the function to every element of x. */
    public Tensor apply(Tensor x) {
        return x.apply(function());
    }

    /** The corresponding function of the tensor engine. */
    Unary function() {
        return switch (this) {
            case GELU -> Unary.GELU;
            case QUICK_GELU -> Unary.QUICK_GELU;
        };
    }
}
