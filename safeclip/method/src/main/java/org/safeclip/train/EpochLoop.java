package org.safeclip.train;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;

/**
 * The epochs of a training, counted from 1 over all its phases. A method asks for its phases in order and trains what it is given:
 *
 * <pre>{@code
 * for (int epoch : epochs.phase(TrainingPhase.SLOW, 1)) {
 *     trainer.pass(epoch, crossModal, allPairs, slowRate);
 * }
 * }</pre>
 *
 * A resumed training starts after its checkpoint: epochs that were trained before are not given again. The listener is called when
 * an epoch starts and when it has ended, so a checkpoint can be written in between.
 */
public final class EpochLoop {
    private final TrainingListener listener;
    private final BooleanSupplier stopped;
    private int trained;
    private int planned;

    /** The epochs of a training from its start. */
    public EpochLoop(Trainer trainer) {
        this(0, trainer::stopped, trainer.listener());
    }

    /**
     * The epochs of a training from a checkpoint.
     *
     * @param trained epochs trained before, 0 at the start
     * @param stopped whether training shall end after the present epoch, whatever is planned
     */
    public EpochLoop(int trained, BooleanSupplier stopped, TrainingListener listener) {
        this.trained = trained;
        this.stopped = stopped;
        this.listener = listener;
    }

    /** Epochs trained so far. */
    public int trained() {
        return trained;
    }

    /**
     * The next epochs: as many as {@code count} of the phases asked for so far allow, less those trained before.
     *
     * @param count epochs of the phase in the whole training
     */
    public Iterable<Integer> phase(TrainingPhase phase, int count) {
        planned += count;
        int last = planned;
        return () -> new Epochs(phase, last);
    }

    private final class Epochs implements Iterator<Integer> {
        private final TrainingPhase phase;
        private final int last;
        private boolean running;

        Epochs(TrainingPhase phase, int last) {
            this.phase = phase;
            this.last = last;
        }

        @Override
        public boolean hasNext() {
            if (running) { // asking for the next epoch means that this one is trained
                running = false;
                trained++;
                listener.epochEnded(trained, phase);
            }
            return trained < last && !stopped.getAsBoolean();
        }

        @Override
        public Integer next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no epoch is left in the phase " + phase.label());
            }
            running = true;
            listener.epochStarted(trained + 1, phase);
            return trained + 1;
        }
    }
}
