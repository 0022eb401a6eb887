package org.safeclip.experiments.cli;

import java.util.List;
import org.safeclip.TrainingMethod;
import org.safeclip.experiments.run.EvaluationEvent;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.experiments.run.SplitEvent;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;
import org.safeclip.train.TrainingPhase;

/**
 * Passes every event on to several listeners, in order.
 *
 * @param all the listeners
 */
record Listeners(List<RunListener> all) implements RunListener {
    /** Copies the list. */
    Listeners {
        all = List.copyOf(all);
    }

    @Override
    public void started(TrainingMethod method, int trained, List<String> plan) {
        all.forEach(one -> one.started(method, trained, plan));
    }

    @Override
    public void warned(String warning) {
        all.forEach(one -> one.warned(warning));
    }

    @Override
    public void epochStarted(int epoch, TrainingPhase phase) {
        all.forEach(one -> one.epochStarted(epoch, phase));
    }

    @Override
    public void stepped(Step step) {
        all.forEach(one -> one.stepped(step));
    }

    @Override
    public void split(int epoch, PairScores scores, SafeSplit split) {
        all.forEach(one -> one.split(epoch, scores, split));
    }

    @Override
    public void diagnosed(SplitEvent split) {
        all.forEach(one -> one.diagnosed(split));
    }

    @Override
    public void epochEnded(int epoch, TrainingPhase phase) {
        all.forEach(one -> one.epochEnded(epoch, phase));
    }

    @Override
    public void evaluated(EvaluationEvent evaluation) {
        all.forEach(one -> one.evaluated(evaluation));
    }

    @Override
    public void finished() {
        all.forEach(RunListener::finished);
    }
}
