package org.safeclip.nn;

import org.safeclip.tensor.Tensor;

/** A module that maps one tensor to one tensor. */
public interface Layer extends Module {
    /** Forward pass: the layer applied to x. */
    Tensor apply(Tensor x);
}
