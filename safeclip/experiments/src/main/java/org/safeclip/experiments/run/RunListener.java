package org.safeclip.experiments.run;

import java.util.List;
import org.safeclip.TrainingMethod;
import org.safeclip.train.TrainingListener;

/** Receives the events of a run: those of training, diagnostics and evaluations. */
public interface RunListener extends TrainingListener {
    /** A listener that ignores everything. */
    RunListener NONE = new RunListener() {};

    /**
     * Training starts or resumes.
     *
     * @param trained epochs trained before: 0 at the start, all of them if nothing is left to do
     * @param plan what is worth knowing beforehand, one line each
     */
    default void started(TrainingMethod method, int trained, List<String> plan) {}

    /** Something the user should know, such as that a checkpoint is damaged and the one before is used. */
    default void warned(String warning) {}

    /** A split was compared with the poison mask and described. */
    default void diagnosed(SplitEvent split) {}

    /** The model was evaluated at the end of an epoch. */
    default void evaluated(EvaluationEvent evaluation) {}

    /** The last epoch has ended. */
    default void finished() {}
}
