package org.safeclip;

import java.util.List;
import org.safeclip.train.EpochLoop;

/**
 * A way of training CLIP. It trains the epochs that the loop gives it, and its state can be written down between two of them, so
 * that an interrupted training resumes and ends with the same numbers.
 */
public interface TrainingMethod {
    /** The name in tables and files. */
    String name();

    /** Epochs of the whole training. */
    int epochs();

    /** What is worth knowing before training starts, a line each. */
    List<String> plan();

    /** Trains to the end, or to where the loop ends. */
    void train(EpochLoop epochs);

    /** Writes down what the method knows beyond the model and its optimiser. */
    void save(MethodState state);

    /** Continues from what was written down. */
    void restore(MethodState state);
}
