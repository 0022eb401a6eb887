package org.safeclip.opencl;

import org.jocl.CL;
import org.jocl.CLException;

/** Thrown when an OpenCL call fails; the message names the call and the symbolic status. */
final class OpenClException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    OpenClException(String message) {
        super(message);
    }

    /** This exception with a cause. */
    OpenClException because(CLException cause) {
        initCause(cause);
        return this;
    }

    /** An exception that says what was tried and which status the driver returned. */
    OpenClException(String what, CLException cause) {
        super(what + ": " + CL.stringFor_errorCode(cause.getStatus()), cause);
    }
}
