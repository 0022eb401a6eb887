package org.safeclip.model;

/** Whether a pass teaches the model or asks it: batch normalisation goes by the batch or by what it has seen. */
public enum Mode {
    /** Statistics of the batch, which move the running ones. */
    TRAINING,
    /** Running statistics, which stay. */
    EVALUATION
}
