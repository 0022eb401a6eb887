package org.safeclip;

import java.util.ArrayList;
import java.util.List;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;
import org.safeclip.train.TrainingListener;
import org.safeclip.train.TrainingPhase;

/** Remembers what it was told, in order. */
public final class RecordingListener implements TrainingListener {
    /** Starts and ends of epochs: "start 1 warm-up", "end 1 warm-up". */
    public final List<String> epochs = new ArrayList<>();

    /** All steps. */
    public final List<Step> steps = new ArrayList<>();

    /** All splits. */
    public final List<SafeSplit> splits = new ArrayList<>();

    /** The scores behind each split. */
    public final List<PairScores> scores = new ArrayList<>();

    /** The epoch of each split. */
    public final List<Integer> splitEpochs = new ArrayList<>();

    @Override
    public void epochStarted(int epoch, TrainingPhase phase) {
        epochs.add("start " + epoch + " " + phase.label());
    }

    @Override
    public void stepped(Step step) {
        steps.add(step);
    }

    @Override
    public void split(int epoch, PairScores found, SafeSplit split) {
        splitEpochs.add(epoch);
        scores.add(found);
        splits.add(split);
    }

    @Override
    public void epochEnded(int epoch, TrainingPhase phase) {
        epochs.add("end " + epoch + " " + phase.label());
    }

    /** Epoch, objective and number of steps of each pass, such as "1 in-modal 5". */
    public List<String> passes() {
        return steps.stream()
                .filter(step -> step.number() == 1)
                .map(step -> step.epoch() + " " + step.objective() + " " + step.of())
                .toList();
    }

    /** The phase of each epoch that started. */
    public List<String> phases() {
        return epochs.stream()
                .filter(line -> line.startsWith("start"))
                .map(line -> line.replaceFirst("start \\d+ ", ""))
                .toList();
    }
}
