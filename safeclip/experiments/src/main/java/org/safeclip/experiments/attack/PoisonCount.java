package org.safeclip.experiments.attack;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.safeclip.data.PairSet;

/**
 * The dose of an attack: its poisons against the honest pairs of the same class.
 *
 * @param attack its name
 * @param targetClass the class it pulls towards
 * @param poisons pairs that do
 * @param cleanPairs honest pairs whose caption names that class
 * @param pairs N
 */
public record PoisonCount(String attack, String targetClass, int poisons, int cleanPairs, int pairs) {

    /** The counts of each group of the mask. */
    public static List<PoisonCount> of(PairSet pairs, PoisonMask mask) {
        BitSet poisons = mask.rows();
        List<PoisonCount> counts = new ArrayList<>();
        for (PoisonMask.Group group : mask.groups()) {
            CaptionMatcher naming = new CaptionMatcher(group.targetClass());
            int clean = (int) IntStream.range(0, pairs.size())
                    .filter(i -> !poisons.get(i) && naming.test(pairs.caption(i)))
                    .count();
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
