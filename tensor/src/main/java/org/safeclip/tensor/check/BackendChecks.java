package org.safeclip.tensor.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Precision;

/** Every check a backend must pass. */
public final class BackendChecks {
    /** System property: names (separated by commas) of backends that must open where the tests run. */
    public static final String REQUIRE = "org.safeclip.require";

    private BackendChecks() {}

    /**
     * A named check, not yet run.
     *
     * @param name what is checked
     * @param run runs the check
     */
    public record Check(String name, Supplier<Outcome> run) {}

    /**
     * A provider and the result of opening it.
     *
     * @param name the provider's name
     * @param backend the open backend, which the caller closes; null if it cannot open
     * @param reason why it cannot open; empty if it can
     */
    public record Candidate(String name, @Nullable Backend backend, String reason) {
        /** Whether {@link #REQUIRE} names it, so that not opening is a failure. */
        public boolean required() {
            return List.of(System.getProperty(REQUIRE, "").split(",", -1)).contains(name);
        }
    }

    /** Opens every provider present, highest rank first. */
    public static List<Candidate> candidates() {
        List<Candidate> candidates = new ArrayList<>();
        for (BackendProvider provider : Backends.providers()) {
            candidates.add(candidate(provider));
        }
        return candidates;
    }

    private static Candidate candidate(BackendProvider provider) {
        try {
            return new Candidate(provider.name(), provider.open(), "");
        } catch (BackendUnavailable e) {
            return new Candidate(provider.name(), null, String.valueOf(e.getMessage()));
        }
    }

    /** All checks of a backend, compared with a reference backend. */
    public static List<Check> of(Backend tested, Backend reference) {
        List<Check> checks = new ArrayList<>();
        for (OpCase each : OpCases.all()) {
            checks.add(new Check("gradient of " + each, () -> GradientCheck.run(each, tested)));
            checks.add(new Check("agreement of " + each, () -> AgreementCheck.run(each, tested, reference)));
            checks.add(new Check("same bits, " + each, () -> AgreementCheck.repeat(each, tested)));
        }
        boolean another = !tested.name().equals(reference.name()); // the reference itself is slow and single-threaded
        for (OpCase each : another ? LargeOpCases.all() : List.<OpCase>of()) {
            checks.add(new Check("agreement of " + each, () -> AgreementCheck.run(each, tested, reference)));
            checks.add(new Check("same bits, " + each, () -> AgreementCheck.repeat(each, tested)));
        }
        for (KernelCheck check : KernelCheck.values()) {
            for (int n : OpCases.SIZES) {
                checks.add(new Check(check + " over " + n, () -> check.run(tested, reference, n)));
            }
        }
        for (Precision precision : Precision.values()) {
            if (precision != Precision.FLOAT32 && tested.products(precision) == precision) {
                checks.addAll(PreciseOpCases.checks(precision, tested, reference));
            }
        }
        return checks;
    }
}
