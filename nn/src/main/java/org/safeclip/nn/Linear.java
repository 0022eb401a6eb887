package org.safeclip.nn;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * Linear layer y = x·weightᵀ + bias on the last axis: {@code [.., in]} to {@code [.., out]}.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]}, or none
 */
public record Linear(Tensor weight, @Nullable Tensor bias) implements Layer {
    /** Random normal weights of this standard deviation and a zero bias. */
    public static Linear random(int in, int out, double std, Backend backend, RandomGenerator random) {
        return new Linear(Initialisers.normal(backend, random, std, out, in), Initialisers.zeros(backend, out));
    }

    @Override
    public Tensor apply(Tensor x) { // [..., in] -> [..., out]
        return x.linear(weight, bias);
    }

    /** residual + apply(x), in one pass if there is a bias. */
    Tensor addTo(Tensor residual, Tensor x) {
        return bias == null ? residual.add(apply(x)) : x.linearAdd(weight, bias, residual);
    }
}
