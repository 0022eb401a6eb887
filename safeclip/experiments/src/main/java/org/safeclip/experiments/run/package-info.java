/**
 * An experiment (data, attacks, tests) and the training of one method in it, with checkpoints, events and evaluations. Training
 * never sees the poison mask; only the diagnostics of splits use it, and CleanCLIP to draw its clean pairs.
 */
@NullMarked
package org.safeclip.experiments.run;

import org.jspecify.annotations.NullMarked;
