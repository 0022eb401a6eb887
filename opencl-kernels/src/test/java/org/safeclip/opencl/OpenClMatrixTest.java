package org.safeclip.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.check.BackendChecks;
import org.safeclip.tensor.check.BackendChecks.Check;
import org.safeclip.tensor.check.Outcome;

/** Every case of the catalogue on every device here, with the kernels of both families. */
final class OpenClMatrixTest {
    private static final Backend REFERENCE = reference();
    private static final List<OpenClBackend> OPEN = open();

    private static Backend reference() {
        try {
            return Backends.open("scalar");
        } catch (BackendUnavailable e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<OpenClBackend> open() {
        List<OpenClBackend> open = new ArrayList<>();
        for (OpenClDevice device : OpenClDevices.here().found()) {
            for (Family family : Family.values()) {
                open.add(new OpenClBackend(device, family));
            }
        }
        return open;
    }

    @AfterAll
    static void everyHandleIsReleased() {
        REFERENCE.close();
        for (OpenClBackend backend : OPEN) {
            backend.close();
            assertThat(backend.queue().handles().live()).as(backend.describe()).isZero();
        }
    }

    @TestFactory
    Stream<DynamicContainer> everyCaseOnEveryDevice() {
        return OPEN.stream().map(backend -> dynamicContainer(backend.describe(), tests(backend)));
    }

    @TestFactory
    Stream<DynamicTest> thereIsADeviceWhereOneIsRequired() {
        return Stream.of(dynamicTest("opencl", () -> {
            String reason = OpenClDevices.here().reason();
            boolean required = System.getProperty(BackendChecks.REQUIRE, "").contains(OpenClProvider.NAME);
            Assumptions.assumeTrue(required || !OPEN.isEmpty(), "opencl skipped: " + reason);
            assertThat(OPEN).as("opencl is required: " + reason).isNotEmpty();
        }));
    }

    private static Stream<DynamicTest> tests(Backend backend) {
        return BackendChecks.of(backend, REFERENCE).stream().map(check -> dynamicTest(check.name(), () -> pass(check)));
    }

    private static void pass(Check check) {
        Outcome outcome = check.run().get();
        assertThat(outcome.passed()).as(outcome.toString()).isTrue();
    }
}
