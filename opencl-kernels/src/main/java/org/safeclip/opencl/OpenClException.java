package org.safeclip.opencl;

import org.jocl.CL;
import org.jocl.CLException;

/** What a device refused to do, with the name of its status. */
final class OpenClException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    OpenClException(String message) {
        super(message);
    }

    /** The same with its cause. */
    OpenClException because(CLException cause) {
        initCause(cause);
        return this;
    }

    /** What was tried, and the status the driver gave. */
    OpenClException(String what, CLException cause) {
        super(what + ": " + CL.stringFor_errorCode(cause.getStatus()), cause);
    }
}
