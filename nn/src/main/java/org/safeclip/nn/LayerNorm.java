package org.safeclip.nn;

import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * Layer normalisation y = γ·(x − mean)/√(variance + 1e-5) + β over the last axis, biased variance (Ba, Kiros and Hinton
 * 2016).
 *
 * @param weight γ, {@code [D]}
 * @param bias β, {@code [D]}
 */
public record LayerNorm(Tensor weight, Tensor bias) implements Layer {
    private static final float EPSILON = 1e-5f;

    /** A layer norm of this width with γ = 1 and β = 0. */
    public static LayerNorm of(int width, Backend backend) {
        return new LayerNorm(Initialisers.ones(backend, width), Initialisers.zeros(backend, width));
    }

    @Override
    public Tensor apply(Tensor x) { // [..., D] -> [..., D]
        return x.layerNorm(weight, bias, EPSILON);
    }
}
