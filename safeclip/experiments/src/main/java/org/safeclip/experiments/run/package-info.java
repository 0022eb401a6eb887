/**
 * An experiment (data, attacks, tests) and the training of one method in it, with checkpoints, events and evaluations.
 * Training itself never sees the experiment's poison mask; it is asked only for the diagnostics of a split.
 */
@NullMarked
package org.safeclip.experiments.run;

import org.jspecify.annotations.NullMarked;
