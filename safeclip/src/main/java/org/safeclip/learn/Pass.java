package org.safeclip.learn;

/**
 * A way through some pairs.
 *
 * @param objective what each batch should teach
 * @param pairs the pairs, visited in random order, whole batches only
 * @param course the learning rates
 * @param times how often, each time in an order and with views of its own
 * @param weight of the loss; 0 leaves the pass out
 */
public record Pass(Objective objective, int[] pairs, Course course, int times, double weight) {
    /** Once, with weight 1. */
    public static Pass over(int[] pairs, Objective objective, Course course) {
        return new Pass(objective, pairs, course, 1, 1);
    }
}
