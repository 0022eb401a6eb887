/**
 * How good a model is and how badly it was fooled. Every rate comes with its numerator, its denominator and an exact
 * interval; the defence never imports this room.
 */
@NullMarked
package org.safeclip.eval;

import org.jspecify.annotations.NullMarked;
