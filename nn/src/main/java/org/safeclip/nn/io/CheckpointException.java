package org.safeclip.nn.io;

/** Thrown for a weights file that cannot be used; the message says in one line why and what to do. */
public final class CheckpointException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** An exception with this message, one readable line. */
    public CheckpointException(String message) {
        super(message);
    }

    /** An exception with this message, one readable line, and its cause. */
    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
