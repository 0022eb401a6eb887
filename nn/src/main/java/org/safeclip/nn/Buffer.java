package org.safeclip.nn;

import org.safeclip.tensor.NdArray;

/**
 * Numbers that belong to a model and its checkpoint but have no gradient, such as running statistics.
 *
 * @param name the path in the model
 * @param values overwritten in place
 */
public record Buffer(String name, NdArray values) {}
