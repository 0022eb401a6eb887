/**
 * What SafeCLIP trains on: contrast within each modality and between them, and the pools of past embeddings in which a view finds
 * its nearest neighbour. Shape letters: B batch, E embedding, M rows of a pool.
 */
@NullMarked
package org.safeclip.loss;

import org.jspecify.annotations.NullMarked;
