package org.safeclip.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.safeclip.data.PairSet;

/**
 * How much an attack has to say against the truth.
 *
 * @param attack its name
 * @param targetClass the class it pulls towards
 * @param poisons pairs that do
 * @param cleanPairs honest pairs whose caption names that class
 * @param pairs N
 */
public record PoisonCount(String attack, String targetClass, int poisons, int cleanPairs, int pairs) {

    /** One for each group of the mask. */
    public static List<PoisonCount> of(PairSet pairs, PoisonMask mask) {
        Poisoned poisoned = new Poisoned(pairs, mask);
        List<PoisonCount> counts = new ArrayList<>();
        for (PoisonMask.Group group : mask.groups()) {
            int clean = new Mentions(group.targetClass()).rows(poisoned).length;
            counts.add(new PoisonCount(group.attack(), group.targetClass(), group.rows().length, clean, pairs.size()));
        }
        return counts;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %,d poisons for \"%s\" (%.3f %% of the pairs) against %,d clean pairs that name it",
                attack,
                poisons,
                targetClass,
                100.0 * poisons / pairs,
                cleanPairs);
    }
}
