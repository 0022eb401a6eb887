package org.safeclip.experiments.grid;

/** Some runs of a grid failed; the others are finished. The message lists the failed runs with their reasons. */
public final class FailedCellsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message for the user. */
    public FailedCellsException(String message) {
        super(message);
    }
}
