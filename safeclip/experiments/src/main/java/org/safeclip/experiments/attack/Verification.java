package org.safeclip.experiments.attack;

import java.util.Locale;

/**
 * Whether the poisons of an attack hold what was meant where training reads them. A trigger can be lost to rounding, to compression,
 * or to a row that was mixed up.
 *
 * <p>With e what the trigger was to change in an image and d what is changed in the stored one, the part of the trigger's amplitude
 * that is left is ⟨d, e⟩ / ⟨e, e⟩: 1 where all of the trigger is there, 0 where nothing of it is.
 *
 * @param attack its name
 * @param poisons pairs looked at
 * @param intact those that hold what was meant: at least half of the trigger's amplitude, the target's pixels, the trigger's word
 * @param amplitude mean part of the trigger's amplitude that is left; 1 where the image has no trigger
 * @param difference mean |d| over the places that the trigger changes, in levels of 255; 0 where there is none
 * @param expected mean |e| there
 */
public record Verification(
        String attack, int poisons, int intact, double amplitude, double difference, double expected) {
    private static final double LEAST_AMPLITUDE = 0.5;

    /** The verification of an attack before any of its poisons was looked at. */
    public static Verification start(String attack) {
        return new Verification(attack, 0, 0, 0, 0, 0);
    }

    /** With one more poison, that is either exactly what was meant or not. */
    public Verification with(boolean exact) {
        return with(exact ? 1 : 0, 0, 0);
    }

    /**
     * With one more poison, an image with a trigger.
     *
     * @param clean before the trigger
     * @param triggered with the trigger, not rounded, from 0 to 1
     * @param stored as it was read back
     */
    public Verification with(byte[] clean, float[] triggered, byte[] stored) {
        if (clean.length != triggered.length || clean.length != stored.length) {
            throw new IllegalArgumentException("verification: images of " + clean.length + ", " + triggered.length
                    + " and " + stored.length + " numbers; the stored image must have the size it was written with");
        }
        double along = 0;
        double power = 0;
        double left = 0;
        double whole = 0;
        int places = 0;
        for (int i = 0; i < clean.length; i++) {
            int before = clean[i] & 0xff;
            double e = 255.0 * triggered[i] - before;
            double d = (stored[i] & 0xff) - before;
            if (Math.abs(e) > 1e-3) {
                along += d * e;
                power += e * e;
                left += Math.abs(d);
                whole += Math.abs(e);
                places++;
            }
        }
        return places == 0 ? with(0, 0, 0) : with(along / power, left / places, whole / places);
    }

    private Verification with(double nextAmplitude, double nextDifference, double nextExpected) {
        int n = poisons + 1;
        return new Verification(
                attack,
                n,
                intact + (nextAmplitude >= LEAST_AMPLITUDE ? 1 : 0),
                amplitude + (nextAmplitude - amplitude) / n,
                difference + (nextDifference - difference) / n,
                expected + (nextExpected - expected) / n);
    }

    /** Whether every poison is what it was meant to be. */
    public boolean holds() {
        return intact == poisons;
    }

    @Override
    public String toString() {
        String found =
                String.format(Locale.ROOT, "%s: %,d of %,d poisons hold what was meant", attack, intact, poisons);
        return expected == 0
                ? found
                : String.format(
                        Locale.ROOT,
                        "%s; %.1f %% of the trigger's amplitude is left (%.1f of %.1f levels where it is)",
                        found,
                        100 * amplitude,
                        difference,
                        expected);
    }
}
