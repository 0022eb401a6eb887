package org.safeclip.nn;

import org.safeclip.tensor.Tensor;

/**
 * One trained tensor and its path in the model.
 *
 * @param name such as {@code transformer.resblocks.3.mlp.c_fc.weight}
 * @param tensor a tracked leaf; an optimiser overwrites its numbers
 */
public record Parameter(String name, Tensor tensor) {}
