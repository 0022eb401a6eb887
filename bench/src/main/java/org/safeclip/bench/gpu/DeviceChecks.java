package org.safeclip.bench.gpu;

import java.util.Locale;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.check.BackendChecks;
import org.safeclip.tensor.check.Outcome;

/**
 * Runs every check of a backend on the OpenCL device, for a machine without a build: {@code DeviceChecks}. It is compared with the SIMD
 * backend, which the build compares with the scalar one: the products large enough for tensor cores take that one minutes.
 */
public final class DeviceChecks {
    private DeviceChecks() {}

    /** Prints the checks that fail and the number of both; exits with 1 if any failed. */
    @SuppressWarnings("try") // the scopes are there to be closed
    public static void main(String[] arguments) throws BackendUnavailable {
        int passed = 0;
        int failed = 0;
        long start = System.nanoTime();
        try (Backend device = Backends.open("opencl");
                Backend truth = Backends.open("simd")) {
            System.out.println("# " + device.describe());
            for (BackendChecks.Check check : BackendChecks.of(device, truth)) {
                try (Scope ours = device.scope();
                        Scope theirs = truth.scope()) {
                    Outcome outcome = check.run().get();
                    if (outcome.passed()) {
                        passed++;
                    } else {
                        failed++;
                        System.out.println("failed: " + outcome);
                    }
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "checks: %d passed, %d failed, %.0f s%n",
                passed,
                failed,
                (System.nanoTime() - start) / 1e9);
        if (failed > 0) {
            System.exit(1);
        }
    }
}
