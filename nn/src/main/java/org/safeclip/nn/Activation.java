package org.safeclip.nn;

import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Unary;

/** The elementwise function between the two halves of an {@link Mlp}. */
public enum Activation {
    /** x·Φ(x), the exact form. */
    GELU,
    /** x·σ(1.702x), the form of OpenAI's CLIP. */
    QUICK_GELU;

    /** The function at x. */
    public Tensor apply(Tensor x) {
        return x.apply(function());
    }

    /** The function by the engine's name. */
    Unary function() {
        return switch (this) {
            case GELU -> Unary.GELU;
            case QUICK_GELU -> Unary.QUICK_GELU;
        };
    }
}
