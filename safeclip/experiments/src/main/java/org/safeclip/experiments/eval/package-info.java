/**
 * How good a model is and how badly it was fooled. Every rate comes with its numerator, its denominator and an exact
 * interval. The methods never import this package.
 */
@NullMarked
package org.safeclip.experiments.eval;

import org.jspecify.annotations.NullMarked;
