package org.safeclip.tensor.cpu;

import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;

/** Opens the scalar backend: plain loops, slow, the reference for all others. */
public final class ScalarProvider implements BackendProvider {
    /** For {@link java.util.ServiceLoader}. */
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
