package org.safeclip.nn;

import org.safeclip.tensor.Tensor;

/**
 * One trained tensor and its path in the model.
 *
 * @param name path in the model, such as {@code transformer.resblocks.3.mlp.c_fc.weight}
 * @param tensor a tracked leaf, updated in place by the optimiser
 */
public record Parameter(String name, Tensor tensor) {}
