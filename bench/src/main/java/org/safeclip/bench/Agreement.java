package org.safeclip.bench;

import java.util.Locale;

/** Checks results before they are timed. */
public final class Agreement {
    private static final double TOLERANCE = 1e-4;

    private Agreement() {}

    /**
     * Throws an IllegalStateException unless |got − want| ≤ 1e-4·(1 + |want|) everywhere; want is the scalar result.
     */
    public static void require(String kernel, float[] want, float[] got) {
        for (int i = 0; i < want.length; i++) {
            if (!(Math.abs(got[i] - want[i]) <= TOLERANCE * (1 + Math.abs(want[i])))) {
                throw new IllegalStateException(String.format(
                        Locale.ROOT, "%s: number %d is %g, the scalar answer is %g", kernel, i, got[i], want[i]));
            }
        }
    }

    /** Throws an IllegalStateException unless |got − want| ≤ distance. */
    public static void requireNear(String what, double want, double got, double distance) {
        if (!(Math.abs(got - want) <= distance)) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT, "%s is %g, the other way gives %g: further apart than %g", what, got, want, distance));
        }
    }
}
