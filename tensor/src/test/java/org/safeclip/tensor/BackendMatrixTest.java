package org.safeclip.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.check.BackendChecks;
import org.safeclip.tensor.check.BackendChecks.Candidate;
import org.safeclip.tensor.check.BackendChecks.Check;
import org.safeclip.tensor.check.Outcome;
import org.safeclip.tensor.cpu.ScalarProvider;

/** Every case of the catalogue on every backend that opens here. */
final class BackendMatrixTest {
    private static final Backend REFERENCE = new ScalarProvider().open();
    private static final List<Candidate> CANDIDATES = BackendChecks.candidates();

    @AfterAll
    static void close() {
        REFERENCE.close();
        for (Candidate candidate : CANDIDATES) {
            if (candidate.backend() != null) {
                candidate.backend().close();
            }
        }
    }

    @TestFactory
    Stream<DynamicContainer> everyCaseOnEveryBackend() {
        return CANDIDATES.stream().map(candidate -> dynamicContainer(candidate.name(), tests(candidate)));
    }

    private static Stream<DynamicTest> tests(Candidate candidate) {
        Backend backend = candidate.backend();
        if (backend == null) {
            return Stream.of(dynamicTest("opens", () -> {
                Assumptions.assumeTrue(candidate.required(), candidate.name() + " skipped: " + candidate.reason());
                throw new AssertionError(candidate.name() + " is required and cannot open: " + candidate.reason());
            }));
        }
        return BackendChecks.of(backend, REFERENCE).stream().map(check -> dynamicTest(check.name(), () -> pass(check)));
    }

    private static void pass(Check check) {
        Outcome outcome = check.run().get();
        assertThat(outcome.passed()).as(outcome.toString()).isTrue();
    }
}
