package org.safeclip.tensor;

import java.util.IdentityHashMap;
import java.util.Map;

/** Result of {@link Tensor#backward}: the gradient of the loss with respect to every tracked leaf. */
public final class Gradients {
    private final Map<Tensor, NdArray> byTensor = new IdentityHashMap<>();

    Gradients() {}

    /** Whether the loss depends on this leaf. */
    public boolean has(Tensor tensor) {
        return byTensor.containsKey(tensor);
    }

    /**
     * Gradient of the loss with respect to this leaf, in its shape.
     *
     * @throws IllegalArgumentException if the loss does not depend on it; check {@link #has} first
     */
    public NdArray of(Tensor tensor) {
        NdArray gradient = byTensor.get(tensor);
        if (gradient == null) {
            throw new IllegalArgumentException("the loss does not depend on this tensor of shape " + tensor.shape());
        }
        return gradient;
    }

    /** Adds a contribution. The first is taken as it is; a second makes a sum of its own, so no array is shared. */
    void accumulate(Tensor tensor, NdArray contribution) {
        byTensor.merge(tensor, contribution, NdArray::add);
    }

    /** Removes and returns the gradient of an inner node, which is not needed again. */
    NdArray take(Tensor tensor) {
        NdArray gradient = of(tensor);
        byTensor.remove(tensor);
        return gradient;
    }
}
