package org.safeclip.tensor.backend;

/** Thrown when a backend cannot open on this machine; the message is one readable line with the reason. */
public final class BackendUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    /** An exception with the reason, on one line. */
    public BackendUnavailable(String reason) {
        super(reason);
    }

    /** An exception with the reason, on one line, and its cause. */
    public BackendUnavailable(String reason, Throwable cause) {
        super(reason, cause);
    }
}
