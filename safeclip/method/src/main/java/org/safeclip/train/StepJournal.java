package org.safeclip.train;

import java.util.ArrayList;
import java.util.List;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.backend.Backend;

/**
 * The losses and scales of the latest steps, kept on the device: to read a number the host must wait until everything
 * enqueued before it is done, and meanwhile the device runs out of work. So several steps are read at once, after which
 * the listener hears of each with its own numbers.
 */
final class StepJournal {
    /** Steps between two readings, at most. */
    private static final int MOST = 32;

    /** Time between two readings, at most, if a step does not take longer: then each is read. */
    private static final long PATIENCE_NANOS = 100_000_000;

    private final TrainingListener listener;
    private final NdArray losses; // [MOST]
    private final NdArray logScales; // [MOST]
    private final List<TrainingListener.Step> unread = new ArrayList<>();
    private long lastReading = System.nanoTime();

    /** An empty journal; call it outside any scope. */
    StepJournal(Backend backend, TrainingListener listener) {
        this.listener = listener;
        this.losses = NdArray.empty(backend, Shape.of(MOST));
        this.logScales = NdArray.empty(backend, Shape.of(MOST));
    }

    /**
     * Notes a step, whose loss and scale are not known to the host yet.
     *
     * @param loss one number
     * @param logScale ln s after the step, one number
     */
    void add(TrainingListener.Step step, NdArray loss, NdArray logScale) {
        losses.setRows(unread.size(), loss.reshape(1), 1);
        logScales.setRows(unread.size(), logScale.reshape(1), 1);
        unread.add(step);
    }

    /** Reads and reports if there are enough steps or enough time has passed. */
    void reportNowAndThen() {
        if (unread.size() == MOST || System.nanoTime() - lastReading > PATIENCE_NANOS) {
            report();
        }
    }

    /**
     * Reports every step not reported yet, in order.
     *
     * @throws DivergedException at the first step whose loss is not finite
     */
    void report() {
        List<TrainingListener.Step> steps = List.copyOf(unread);
        unread.clear();
        if (!steps.isEmpty()) {
            float[] loss = losses.toArray();
            float[] logScale = logScales.toArray();
            for (int i = 0; i < steps.size(); i++) {
                listener.stepped(finite(steps.get(i).with(loss[i], Math.exp(logScale[i]))));
            }
        }
        lastReading = System.nanoTime();
    }

    private static TrainingListener.Step finite(TrainingListener.Step step) {
        if (!Float.isFinite(step.loss())) {
            throw new DivergedException("the loss became " + step.loss() + " at step " + step.taken()
                    + ": training has diverged; lower the learning rate, or set a gradient clip");
        }
        return step;
    }
}
