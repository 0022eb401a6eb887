package org.safeclip.attack;

/**
 * What is left of a trigger in a picture that was stored: e is what the trigger was to change, d what is changed in the
 * picture read back.
 *
 * @param amplitude ⟨d, e⟩ / ⟨e, e⟩: 1 where all of the trigger is there, 0 where nothing of it is
 * @param difference mean |d| over the places the trigger changes, in levels of 255
 * @param expected mean |e| there
 */
public record Survival(double amplitude, double difference, double expected) {

    /** Below this share of its amplitude a trigger counts as lost. */
    public static final double LEAST = 0.5;

    /**
     * Compares one picture.
     *
     * @param clean before the trigger
     * @param marked with the trigger, not rounded, from 0 to 1
     * @param stored as it was read back
     */
    public static Survival of(byte[] clean, float[] marked, byte[] stored) {
        if (clean.length != marked.length || clean.length != stored.length) {
            throw new IllegalArgumentException("survival: pictures of " + clean.length + ", " + marked.length + " and "
                    + stored.length + " numbers; the stored picture must have the size it was written with");
        }
        double along = 0;
        double power = 0;
        double left = 0;
        double whole = 0;
        int places = 0;
        for (int i = 0; i < clean.length; i++) {
            int before = clean[i] & 0xff;
            double e = 255.0 * marked[i] - before;
            double d = (stored[i] & 0xff) - before;
            if (Math.abs(e) > 1e-3) {
                along += d * e;
                power += e * e;
                left += Math.abs(d);
                whole += Math.abs(e);
                places++;
            }
        }
        return places == 0 ? new Survival(0, 0, 0) : new Survival(along / power, left / places, whole / places);
    }
}
