package org.safeclip.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.bench.StepModel;
import org.safeclip.bench.TrainStep;
import org.safeclip.tensor.backend.Activity;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.check.BackendChecks;

/** What a step asks of a GPU: each launch costs the host some ten microseconds, so a small model is as fast as they are few. */
class LaunchCountTest {
    private static final String FAMILY = "org.safeclip.opencl.family";

    @ParameterizedTest
    @CsvSource({"TINY,8,142", "SMALL,8,300", "BASE,2,350"})
    void aStepHasFewLaunchesAndUploadsAndOneWait(StepModel model, int batch, long most) {
        try (TrainStep step = new TrainStep(model, gpu(), batch)) {
            step.run();
            Activity before = step.activity();
            step.run();
            Activity made = step.activity().since(before);
            assertThat(made.launches()).as("launches").isPositive().isLessThanOrEqualTo(most);
            assertThat(made.uploads())
                    .as("uploads: images, ids, ends and the targets of the loss")
                    .isLessThanOrEqualTo(5);
            assertThat(made.waits())
                    .as("waits: for the loss that this step reads")
                    .isEqualTo(1);
        }
    }

    /** The OpenCL device with the kernels of a GPU, whatever it is. */
    private static Backend gpu() {
        String before = System.setProperty(FAMILY, "gpu");
        try {
            return Backends.open("opencl");
        } catch (BackendUnavailable e) {
            boolean required = System.getProperty(BackendChecks.REQUIRE, "").contains("opencl");
            assumeTrue(required, "no OpenCL device: " + e.getMessage());
            throw new IllegalStateException(e);
        } finally {
            if (before == null) {
                System.clearProperty(FAMILY);
            } else {
                System.setProperty(FAMILY, before);
            }
        }
    }
}
