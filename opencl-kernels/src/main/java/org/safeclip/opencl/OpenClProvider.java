package org.safeclip.opencl;

import java.util.List;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.DeviceFacts;

/** Opens the OpenCL devices of this machine. */
public final class OpenClProvider implements BackendProvider {
    static final String NAME = "opencl";

    /** Used by the service loader. */
    public OpenClProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    /** First where there is a GPU; a CPU driver runs on the processor that has a backend of its own, which is faster. */
    @Override
    public int rank() {
        return OpenClDevices.here().found().stream().allMatch(OpenClDevice::cpu) ? 0 : 2;
    }

    @Override
    public List<DeviceFacts> devices() {
        return OpenClDevices.here().found().stream().map(OpenClDevice::facts).toList();
    }

    @Override
    public Backend open() throws BackendUnavailable {
        return open(OpenClDevices.here().best());
    }

    @Override
    public Backend open(String device) throws BackendUnavailable {
        return open(OpenClDevices.here().named(device));
    }

    private static Backend open(OpenClDevice device) throws BackendUnavailable {
        try {
            return new OpenClBackend(device, Family.of(device));
        } catch (OpenClException e) {
            throw new BackendUnavailable(String.valueOf(e.getMessage()), e);
        }
    }
}
