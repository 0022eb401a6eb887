package org.safeclip.nn;

import org.safeclip.tensor.NdArray;

/**
 * Numbers that belong to a model and its checkpoint but have no gradient, such as running statistics.
 *
 * @param name path in the model, such as {@code visual.bn1.running_mean}
 * @param values the numbers, overwritten in place
 */
public record Buffer(String name, NdArray values) {}
