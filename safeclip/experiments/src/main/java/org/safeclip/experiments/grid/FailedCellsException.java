package org.safeclip.experiments.grid;

/** Some trainings of a grid failed, the others are finished. The message lists them with their reasons. */
public final class FailedCellsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure with its message for the user. */
    public FailedCellsException(String message) {
        super(message);
    }
}
