package org.safeclip.train;

import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;

/** Receives the events of a training. Every method does nothing unless it is overridden. */
public interface TrainingListener {
    /** A listener that ignores everything. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * One optimiser step.
     *
     * @param objective name of what was trained
     * @param epoch number of the epoch, from 1
     * @param number number of the step in its pass, from 1
     * @param of steps of the pass
     * @param images images of the batch, all views of them
     * @param taken steps of the training up to this one
     * @param learningRate used in it
     * @param loss before it
     * @param scale s of the model after it
     */
    record Step(
            String objective,
            int epoch,
            int number,
            int of,
            int images,
            long taken,
            double learningRate,
            float loss,
            double scale) {
        Step with(float itsLoss, double itsScale) {
            return new Step(objective, epoch, number, of, images, taken, learningRate, itsLoss, itsScale);
        }
    }

    /** An epoch (from 1) starts. */
    default void epochStarted(int epoch, TrainingPhase phase) {}

    /** An optimiser step was taken; several may be reported at once, in order and before their pass ends. */
    default void stepped(Step step) {}

    /** Whether the state shall be saved after a step; then all steps up to it are reported, and {@link #save} is called. */
    default boolean savesAfter(long step) {
        return false;
    }

    /** The state shall be saved: that of the trainer is the one after the step reported last. */
    default void save() {}

    /** The pairs were divided into safe and risky ones, and the epoch is about to train on them. */
    default void split(int epoch, PairScores scores, SafeSplit split) {}

    /** An epoch (from 1) has ended. */
    default void epochEnded(int epoch, TrainingPhase phase) {}
}
