package org.safeclip.nn.parallel;

/** Thrown when a process cannot be connected with the others of its job; the message is one readable line with the reason. */
public final class CommunicatorUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    /** An exception with the reason, on one line. */
    public CommunicatorUnavailable(String reason) {
        super(reason);
    }

    /** An exception with the reason, on one line, and its cause. */
    public CommunicatorUnavailable(String reason, Throwable cause) {
        super(reason, cause);
    }
}
