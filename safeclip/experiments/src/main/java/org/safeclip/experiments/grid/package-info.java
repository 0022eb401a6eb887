/**
 * Runs and compares a grid of methods, attacks and seeds that is read from one file. Each cell has a run folder; a finished cell
 * is skipped, an interrupted one resumes.
 */
@NullMarked
package org.safeclip.experiments.grid;

import org.jspecify.annotations.NullMarked;
