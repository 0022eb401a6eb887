package org.safeclip.tensor;

import java.util.IdentityHashMap;
import java.util.Map;

/** What {@link Tensor#backward} found: for every tracked leaf the derivative of the loss with respect to it. */
public final class Gradients {
    private final Map<Tensor, NdArray> byTensor = new IdentityHashMap<>();

    Gradients() {}

    /** Whether the loss depended on the tensor. */
    public boolean has(Tensor tensor) {
        return byTensor.containsKey(tensor);
    }

    /**
     * dLoss/dTensor, in the tensor's shape.
     *
     * @throws IllegalArgumentException if the loss did not depend on it; ask {@link #has} first
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

    /** Takes out the gradient of an inner node, which nobody will ask for again. */
    NdArray take(Tensor tensor) {
        NdArray gradient = of(tensor);
        byTensor.remove(tensor);
        return gradient;
    }
}
