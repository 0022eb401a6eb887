package org.safeclip.train;

/**
 * Training on some pairs.
 *
 * @param objective what each batch is trained on
 * @param pairs the pairs, visited in random order; an incomplete last batch is dropped
 * @param learningRate of its steps
 * @param times how often the pairs are visited, each time in another order and with other views
 * @param weight of the loss; 0 leaves the pass out
 */
public record Pass(Objective objective, int[] pairs, LrScheduler learningRate, int times, double weight) {
    /** A pass over the pairs once, with weight 1. */
    public Pass(Objective objective, int[] pairs, LrScheduler learningRate) {
        this(objective, pairs, learningRate, 1, 1);
    }
}
