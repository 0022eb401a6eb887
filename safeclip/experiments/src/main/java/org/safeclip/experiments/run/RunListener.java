package org.safeclip.experiments.run;

import java.util.List;
import org.safeclip.TrainingMethod;
import org.safeclip.train.TrainingListener;

/** Is told how a run goes on: what a training tells, and what the experimenter finds out beside it. */
public interface RunListener extends TrainingListener {
    /** A listener that ignores everything. */
    RunListener NONE = new RunListener() {};

    /** Training starts or resumes. */
    default void started(TrainingMethod method, List<String> plan) {}

    /** A split was compared with the poison mask, and described without it. */
    default void diagnosed(SplitEvent split) {}

    /** The model was evaluated at the end of an epoch. */
    default void evaluated(EvaluationEvent evaluation) {}

    /** The last epoch has ended. */
    default void finished() {}
}
