package org.safeclip.nn;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * y = x·weightᵀ + bias on the last axis.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]}, or none
 */
public record Linear(Tensor weight, @Nullable Tensor bias) implements Layer {
    /** Normal weights of the given standard deviation, bias zero. */
    public static Linear random(int in, int out, double std, Backend backend, RandomGenerator random) {
        return new Linear(Initialisers.normal(backend, random, std, out, in), Initialisers.zeros(backend, out));
    }

    @Override
    public Tensor apply(Tensor x) { // [..., in] -> [..., out]
        return x.linear(weight, bias);
    }

    /** residual + apply(x), in one pass where there is a bias. */
    Tensor addTo(Tensor residual, Tensor x) {
        return bias == null ? residual.add(apply(x)) : x.linearAdd(weight, bias, residual);
    }
}
