/**
 * The optimiser, learning-rate schedules and gradient clipping.
 *
 * <p>Nothing here stores a gradient: it is passed in as the value that {@code backward()} returned.
 */
@NullMarked
package org.safeclip.nn.optim;

import org.jspecify.annotations.NullMarked;
