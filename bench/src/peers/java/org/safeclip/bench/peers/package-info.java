/**
 * Comparison with well-known libraries, timed in alternation with ours: OpenBLAS and MKL by foreign calls, libtorch
 * through DJL, PyTorch and scikit-learn in a process of their own. Built by the Maven profile {@code peers} alone.
 */
@NullMarked
package org.safeclip.bench.peers;

import org.jspecify.annotations.NullMarked;
