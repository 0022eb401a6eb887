package org.safeclip;

import java.util.List;

/** A way of training CLIP, epoch by epoch, that can be put down and taken up again between two of them. */
public interface Method {
    /** The name in tables and files. */
    String name();

    /** Epochs of the whole training. */
    int epochs();

    /** What epoch number {@code epoch} (from 1) is part of. */
    Phase phase(int epoch);

    /** What is worth knowing before training starts, a line each. */
    List<String> plan();

    /** Trains one epoch; they come in order, from 1. */
    void epoch(int epoch);

    /** Writes down what the method knows beyond the model and its optimiser. */
    void save(MethodState state);

    /** Goes on from what was written down. */
    void restore(MethodState state);
}
