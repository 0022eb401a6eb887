package org.safeclip.experiments.attack;

import java.util.Locale;

/**
 * Whether the stored poisons of an attack are intact. A trigger can be lost by rounding, by compression, or if rows are mixed up.
 *
 * <p>With e the change of an image by the trigger and d the change in the stored image, the share of the trigger's amplitude that
 * is left is ⟨d, e⟩ / ⟨e, e⟩: 1 if the whole trigger is stored, 0 if none of it is.
 *
 * @param attack name of the attack
 * @param poisons poisons that were checked
 * @param intact intact ones: they have at least half of the trigger's amplitude, the target's pixels, or the trigger word
 * @param amplitude mean share of the trigger's amplitude that is left; without an image trigger, 1 for an intact poison and 0 for
 *     another
 * @param difference mean |d| over the values that the trigger changes, in levels of 255; 0 if there are none
 * @param expected mean |e| over the values that the trigger changes, in levels of 255
 */
public record Verification(
        String attack, int poisons, int intact, double amplitude, double difference, double expected) {
    private static final double LEAST_AMPLITUDE = 0.5;

    /** The verification of an attack before the first poison is checked. */
    public static Verification start(String attack) {
        return new Verification(attack, 0, 0, 0, 0, 0);
    }

    /** Adds a poison that is either exactly as intended or not. */
    public Verification with(boolean exact) {
        return with(exact ? 1 : 0, 0, 0);
    }

    /**
     * Adds a poison that is an image with a trigger.
     *
     * @param clean the image before the trigger, 8-bit RGB
     * @param triggered the image with the trigger, not rounded, from 0 to 1
     * @param stored the image as it was read back, 8-bit RGB
     * @throws IllegalArgumentException if the lengths differ
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

    /** Whether every poison is intact. */
    public boolean holds() {
        return intact == poisons;
    }

    @Override
    public String toString() {
        String found = String.format(Locale.ROOT, "%s: %,d of %,d poisons are intact", attack, intact, poisons);
        return expected == 0
                ? found
                : String.format(
                        Locale.ROOT,
                        "%s; %.1f %% of the trigger's amplitude is left (%.1f of %.1f levels where it changes"
                                + " the image)",
                        found,
                        100 * amplitude,
                        difference,
                        expected);
    }
}
