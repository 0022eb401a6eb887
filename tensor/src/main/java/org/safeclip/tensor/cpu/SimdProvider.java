package org.safeclip.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;

/** Opens the SIMD backend: vector instructions on all cores. */
public final class SimdProvider implements BackendProvider {
    /** For {@link java.util.ServiceLoader}. */
    public SimdProvider() {}

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public int rank() {
        return 1;
    }

    @Override
    public Backend open() {
        int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        int threads = Parallel.threads();
        String description =
                "Vector API, " + bits + "-bit vectors, " + threads + (threads == 1 ? " thread" : " threads");
        return new HostBackend(name(), description, new SimdKernels());
    }
}
