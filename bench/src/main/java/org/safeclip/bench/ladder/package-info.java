/**
 * Two kernels in rungs from naive to shipped, for reading: each rung is right, each adds one idea to the one before, and
 * {@link org.safeclip.bench.ladder.Ladder} tells what that idea bought on this machine.
 */
@NullMarked
package org.safeclip.bench.ladder;

import org.jspecify.annotations.NullMarked;
