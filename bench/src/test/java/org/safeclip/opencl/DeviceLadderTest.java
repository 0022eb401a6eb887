package org.safeclip.opencl;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.check.BackendChecks;

class DeviceLadderTest {
    @Test
    void everyRungIsTheDefinition() {
        try (OpenClBackend backend = (OpenClBackend) Backends.open(OpenClProvider.NAME)) {
            DeviceLadder.requireEqual(backend, MatMulShape.of(1, 1, 1));
            DeviceLadder.requireEqual(backend, MatMulShape.of(16, 17, 33));
            DeviceLadder.requireEqual(backend, MatMulShape.of(130, 70, 15));
        } catch (BackendUnavailable e) {
            boolean required = System.getProperty(BackendChecks.REQUIRE, "").contains(OpenClProvider.NAME);
            assumeTrue(required, "no OpenCL device: " + e.getMessage());
            throw new IllegalStateException(e);
        }
    }
}
