/**
 * Many trainings side by side: a grid of methods, attacks and seeds from one file, each cell a run folder of its own that is
 * skipped once it is finished and goes on where it stopped.
 */
@NullMarked
package org.safeclip.experiments.grid;

import org.jspecify.annotations.NullMarked;
