/**
 * Arrays, their differentiable operations and their history, kept apart.
 *
 * <ul>
 *   <li>{@link org.safeclip.tensor.NdArray}: a shaped array. It alone checks shapes and broadcasts.
 *   <li>{@link org.safeclip.tensor.Op}: every differentiable operation, forward and backward side by side.
 *   <li>{@link org.safeclip.tensor.Tensor}: an array with history. {@code backward()} walks it and returns {@link
 *       org.safeclip.tensor.Gradients}; nothing is stored in the tensors, so nothing has to be zeroed.
 * </ul>
 *
 * <p>Arrays are row-major and contiguous; there are no views with strides. Axes count from 0, or from the end where
 * negative. A shape {@code []} is one number.
 */
@NullMarked
package org.safeclip.tensor;

import org.jspecify.annotations.NullMarked;
