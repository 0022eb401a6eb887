package org.safeclip.attack;

import java.util.List;
import java.util.Locale;

/**
 * What the poisons of an attack hold where training reads them: in memory, or in files read back after writing.
 *
 * @param attack its name
 * @param poisons pairs looked at
 * @param intact those that hold what was meant: at least {@link Survival#LEAST} of the trigger, the target's pixels, the
 *     trigger's word
 * @param amplitude mean share of the trigger's amplitude that is left; 1 where there is no trigger in the picture
 * @param difference mean change at the trigger's place, in levels of 255; 0 where there is none
 * @param expected the same as meant
 */
public record Verified(String attack, int poisons, int intact, double amplitude, double difference, double expected) {

    /** All poisons of an attack together. */
    public static Verified of(String attack, List<Survival> each) {
        int intact = 0;
        double amplitude = 0;
        double difference = 0;
        double expected = 0;
        for (Survival survival : each) {
            intact += survival.amplitude() >= Survival.LEAST ? 1 : 0;
            amplitude += survival.amplitude() / each.size();
            difference += survival.difference() / each.size();
            expected += survival.expected() / each.size();
        }
        return new Verified(attack, each.size(), intact, amplitude, difference, expected);
    }

    /** Whether the attack is what it was meant to be in every pair. */
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
                        "%s; %.1f %% of the trigger's amplitude is left (%.1f of %.1f levels at its place)",
                        found,
                        100 * amplitude,
                        difference,
                        expected);
    }
}
