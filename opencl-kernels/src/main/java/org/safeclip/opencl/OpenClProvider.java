package org.safeclip.opencl;

import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;
import org.safeclip.tensor.backend.BackendUnavailable;

/** Knows which OpenCL devices this machine has, and that this version has no kernels for them. */
public final class OpenClProvider implements BackendProvider {
    /** Used by the service loader. */
    public OpenClProvider() {}

    @Override
    public String name() {
        return "opencl";
    }

    @Override
    public int rank() {
        return 2;
    }

    /**
     * Refuses, and says what was found.
     *
     * @throws BackendUnavailable always, with the devices of this machine or the reason why there are none
     */
    @Override
    public Backend open() throws BackendUnavailable {
        OpenClDevices here = OpenClDevices.here();
        if (here.found().isEmpty()) {
            throw new BackendUnavailable("no OpenCL: " + here.reason());
        }
        throw new BackendUnavailable("OpenCL kernels are not part of this version; devices found: " + here.names());
    }
}
