/**
 * Several processes that train one model together (data parallelism).
 *
 * <p>Every process holds the whole model and a {@link org.safeclip.nn.parallel.Shard} of each batch. It embeds its shard, the
 * embeddings are gathered, and every process computes the loss of the whole batch; the gradients of the weights are summed. So all
 * processes take the same steps with the same bits. Sums are taken in the order of the ranks, so that a number of processes always
 * gives the same bits.
 *
 * <p>A {@link org.safeclip.nn.parallel.Communicator} moves the numbers; {@link org.safeclip.nn.parallel.Communicators} finds one.
 */
@NullMarked
package org.safeclip.nn.parallel;

import org.jspecify.annotations.NullMarked;
