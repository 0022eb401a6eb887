package org.safeclip.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.check.AgreementCheck;
import org.safeclip.tensor.check.KernelCheck;
import org.safeclip.tensor.check.OpCase;
import org.safeclip.tensor.check.OpCases;
import org.safeclip.tensor.check.Outcome;

/**
 * Every kernel at the smallest sizes that reach its corners, on every device with the kernels of both families: few
 * enough for a simulator that checks each access to memory, which is what the build runs this under.
 */
final class TinyCatalogueTest {
    private static final int LARGEST = 140;
    private static final int[] VERB_SIZES = {1, 7, 31};
    private static final Backend REFERENCE = reference();
    private static final List<OpenClBackend> OPEN = new ArrayList<>();

    private static Backend reference() {
        try {
            return Backends.open("scalar");
        } catch (BackendUnavailable e) {
            throw new IllegalStateException(e);
        }
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
    Stream<DynamicTest> everyKernel() {
        List<DynamicTest> tests = new ArrayList<>();
        for (OpenClDevice device : OpenClDevices.here().found()) {
            for (Family family : Family.values()) {
                OpenClBackend backend = new OpenClBackend(device, family);
                OPEN.add(backend);
                for (OpCase each : cases()) {
                    tests.add(dynamicTest(
                            each + " on " + backend.describe(),
                            () -> pass(AgreementCheck.run(each, backend, REFERENCE), backend)));
                }
                for (KernelCheck check : KernelCheck.values()) {
                    for (int n : VERB_SIZES) {
                        tests.add(dynamicTest(
                                check + " over " + n + " on " + backend.describe(),
                                () -> pass(check.run(backend, REFERENCE, n), backend)));
                    }
                }
            }
        }
        return tests.stream();
    }

    /** Of each kind of case the smallest and the largest that is still small. */
    private static List<OpCase> cases() {
        List<OpCase> chosen = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (OpCase each : OpCases.all()) {
            if (size(each) <= LARGEST && seen.add("first " + kind(each))) {
                chosen.add(each);
            }
        }
        for (OpCase each : OpCases.all().reversed()) {
            if (size(each) <= LARGEST && seen.add("last " + kind(each)) && !chosen.contains(each)) {
                chosen.add(each);
            }
        }
        return chosen;
    }

    private static String kind(OpCase each) {
        return each.name().replaceAll(" \\[.*", "");
    }

    private static int size(OpCase each) {
        return each.inputs().stream().mapToInt(x -> x.shape().size()).max().orElse(0);
    }

    /** Nothing is left for later: the simulator runs one kernel at a time anyway. */
    private static void pass(Outcome outcome, Backend backend) {
        backend.finish();
        assertThat(outcome.passed()).as(outcome.toString()).isTrue();
    }
}
