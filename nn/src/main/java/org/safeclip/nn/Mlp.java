package org.safeclip.nn;

import java.util.random.RandomGenerator;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * Perceptron narrow(activation(widen(x))), four times as wide inside.
 *
 * @param widen {@code D -> 4D}
 * @param narrow {@code 4D -> D}
 */
public record Mlp(
        @Named("c_fc") Linear widen, @Named("c_proj") Linear narrow, Activation activation) implements Layer {
    /**
     * Random weights with CLIP's standard deviations for a transformer of {@code layers} layers (Radford et al. 2021).
     */
    public static Mlp random(int width, int layers, Activation activation, Backend backend, RandomGenerator random) {
        Linear widen = Linear.random(width, 4 * width, Initialisers.mlpInputStd(width), backend, random);
        Linear narrow = Linear.random(4 * width, width, Initialisers.residualStd(width, layers), backend, random);
        return new Mlp(widen, narrow, activation);
    }

    @Override
    public Tensor apply(Tensor x) { // [..., D] -> [..., D]
        return narrow.apply(activation.apply(widen.apply(x)));
    }

    /** residual + apply(x), in fewer passes if both layers have a bias. */
    Tensor addTo(Tensor residual, Tensor x) {
        Tensor widenBias = widen.bias();
        Tensor narrowBias = narrow.bias();
        if (widenBias == null || narrowBias == null) {
            return residual.add(apply(x));
        }
        return x.mlpAdd(activation.function(), widen.weight(), widenBias, narrow.weight(), narrowBias, residual);
    }
}
