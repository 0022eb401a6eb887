package org.safeclip.learn;

/** Who is told of every step. */
@FunctionalInterface
public interface Watcher {
    /**
     * One step was taken.
     *
     * @param objective what was learned
     * @param epoch number of the epoch, from 1
     * @param step number of the step in its pass, from 1
     * @param ofSteps steps of the pass
     * @param rate learning rate used
     * @param loss before the step
     * @param scale s of the model after the step
     */
    void step(Objective objective, int epoch, int step, int ofSteps, double rate, float loss, double scale);
}
