/**
 * The inner loop: batch, loss, gradients, step.
 *
 * <p>An {@link org.safeclip.learn.Objective} says what a batch should teach; the {@link org.safeclip.learn.Learner} takes
 * the steps. Shape letters: B batch, E embedding, M rows of a pool.
 */
@NullMarked
package org.safeclip.learn;

import org.jspecify.annotations.NullMarked;
