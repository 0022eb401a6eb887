package org.safeclip.bench;

import java.util.Locale;

/** Knows when two answers are the same answer: a wrong kernel is not timed. */
public final class Agreement {
    private static final double TOLERANCE = 1e-4;

    private Agreement() {}

    /** Refuses an answer that differs from the scalar one by more than rounding: |got − want| ≤ 1e-4·(1 + |want|). */
    public static void require(String kernel, float[] want, float[] got) {
        for (int i = 0; i < want.length; i++) {
            if (!(Math.abs(got[i] - want[i]) <= TOLERANCE * (1 + Math.abs(want[i])))) {
                throw new IllegalStateException(String.format(
                        Locale.ROOT, "%s: number %d is %g, the scalar answer is %g", kernel, i, got[i], want[i]));
            }
        }
    }

    /** Refuses a number that lies further from the wanted one than it may. */
    public static void requireNear(String what, double want, double got, double distance) {
        if (!(Math.abs(got - want) <= distance)) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT, "%s is %g, the other way gives %g: further apart than %g", what, got, want, distance));
        }
    }
}
