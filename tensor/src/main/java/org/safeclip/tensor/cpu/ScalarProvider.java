package org.safeclip.tensor.cpu;

import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;

/** Opens the backend of plain loops: slow, and right by inspection. */
public final class ScalarProvider implements BackendProvider {
    /** Called by the service loader. */
    public ScalarProvider() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public Backend open() {
        return new HostBackend(name(), "plain Java loops, 1 thread", new ScalarKernels());
    }
}
