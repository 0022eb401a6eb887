package org.safeclip.nn.io;

/**
 * A file of weights that cannot be used, and in one line why and what to do. Always bad input: the file is missing, damaged
 * or of another model, and the program is right to refuse it.
 */
public final class CheckpointException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** With one line for people. */
    public CheckpointException(String message) {
        super(message);
    }

    /** With one line for people and the exception that was met. */
    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
