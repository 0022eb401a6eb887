package org.safeclip.model;

import org.safeclip.nn.BatchNorm2d;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.tensor.Tensor;

/**
 * Whether a pass teaches the model or asks it: batch normalisation goes by the batch or by what it has seen.
 *
 * @param training whether batch normalisation takes the statistics of the batch, which move the running ones
 * @param processes those that share the batch
 */
public record Mode(boolean training, Communicator processes) {
    /** Statistics of the batch, which move the running ones. */
    public static final Mode TRAINING = new Mode(true, Communicator.alone());

    /** Running statistics, which stay. */
    public static final Mode EVALUATION = new Mode(false, Communicator.alone());

    /** Statistics of a batch that several processes share. */
    public static Mode training(Communicator processes) {
        return new Mode(true, processes);
    }

    Tensor apply(BatchNorm2d norm, Tensor x) {
        return training ? norm.apply(x, processes) : norm.apply(x, false);
    }

    /** max(0, normalised x). */
    Tensor rectified(BatchNorm2d norm, Tensor x) {
        return training ? norm.rectified(x, processes) : norm.rectified(x, false);
    }
}
