package org.safeclip.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;
import org.safeclip.tensor.backend.BackendUnavailable;

/** Opens the SIMD backend: vector instructions on all cores. */
public final class SimdProvider implements BackendProvider {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** Called by the service loader. */
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
    public Backend open() throws BackendUnavailable {
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
            throw new BackendUnavailable("the module " + VECTOR_MODULE
                    + " is not loaded; on the class path start java with --add-modules " + VECTOR_MODULE);
        }
        String asked = SimdTileChoice.unknown();
        if (asked != null) {
            throw new BackendUnavailable("there is no tile '" + asked + "'; expected -D" + SimdTileChoice.TILE + "="
                    + SimdTileChoice.LOW + " or " + SimdTileChoice.TALL);
        }
        int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        int threads = Parallel.threads();
        String description = "Vector API, " + bits + "-bit vectors, " + SimdTileChoice.name() + " tiles, " + threads
                + (threads == 1 ? " thread" : " threads");
        return new HostBackend(name(), description, new SimdKernels());
    }
}
