/**
 * Benchmarks of the kernels and the training step with JMH. Every benchmark first verifies its result against the
 * scalar backend, then measures.
 */
@NullMarked
package org.safeclip.bench;

import org.jspecify.annotations.NullMarked;
