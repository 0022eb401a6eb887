/**
 * Two kernels in rungs from naive to shipped, for reading: each rung is correct and adds one idea to the one before;
 * {@link org.safeclip.bench.ladder.Ladder} measures its speed-up on this machine.
 */
@NullMarked
package org.safeclip.bench.ladder;

import org.jspecify.annotations.NullMarked;
