package org.safeclip.nn;

import org.safeclip.tensor.Tensor;

/** The elementwise function between the two halves of an {@link Mlp}. */
public enum Activation {
    /** x·Φ(x), the exact form. */
    GELU,
    /** x·σ(1.702x), the form of OpenAI's CLIP. */
    QUICK_GELU;

    /** The function at x. */
    public Tensor apply(Tensor x) {
        return switch (this) {
            case GELU -> x.gelu();
            case QUICK_GELU -> x.quickGelu();
        };
    }
}
