package org.safeclip.tensor.check;

import java.util.Locale;

/**
 * Result of a check: the largest error found and the largest allowed.
 *
 * @param what the check, the case and the backend
 * @param error the largest error, as the check measures it; NaN where numbers were not finite
 * @param limit the largest error allowed
 * @param where the place of the largest error: seed, input, element
 */
public record Outcome(String what, double error, double limit, String where) {
    /** Whether the error is within the limit; NaN is not. */
    public boolean passed() {
        return error <= limit;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s: error %.3g, allowed %.3g (%s)", what, error, limit, where);
    }
}
