/**
 * The inner loop: batch, loss, gradients, step.
 *
 * <p>An {@link org.safeclip.train.Objective} is what a batch is trained on; the {@link org.safeclip.train.Trainer} takes the steps,
 * and the {@link org.safeclip.train.EpochLoop} counts the epochs. Shape letters: B batch, E embedding, N pairs.
 */
@NullMarked
package org.safeclip.train;

import org.jspecify.annotations.NullMarked;
