package org.safeclip.tensor.backend;

/** Why a backend cannot be had here; the message is one line for people. */
public final class BackendUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    /** Takes the reason. */
    public BackendUnavailable(String reason) {
        super(reason);
    }

    /** Takes the reason and what caused it. */
    public BackendUnavailable(String reason, Throwable cause) {
        super(reason, cause);
    }
}
