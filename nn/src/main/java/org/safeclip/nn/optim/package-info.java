/**
 * How parameters move: the optimiser, the rate it moves with, and the limit on a gradient.
 *
 * <p>Nothing here keeps a gradient: it is handed in as the value that {@code backward()} returned.
 */
@NullMarked
package org.safeclip.nn.optim;

import org.jspecify.annotations.NullMarked;
