package org.safeclip.nn;

import org.safeclip.tensor.Tensor;

/** A module that makes one tensor of one tensor. */
public interface Layer extends Module {
    /** The value of the layer at x. */
    Tensor apply(Tensor x);
}
