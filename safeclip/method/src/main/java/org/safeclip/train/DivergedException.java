package org.safeclip.train;

/** The loss became infinite or NaN: the settings do not suit the data. The message says at which step and what to change. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error with its message for the user. */
    public DivergedException(String message) {
        super(message);
    }
}
