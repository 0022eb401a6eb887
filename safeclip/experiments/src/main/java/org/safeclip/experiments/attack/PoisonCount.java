package org.safeclip.experiments.attack;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.safeclip.data.PairSet;

/**
 * The number of poisons for a target class, compared with the clean pairs that name it.
 *
 * @param attack name of the attack
 * @param targetClass target class of the attack
 * @param poisons poisons for that class
 * @param cleanPairs clean pairs whose caption names that class
 * @param pairs N, all pairs
 */
public record PoisonCount(String attack, String targetClass, int poisons, int cleanPairs, int pairs) {

    /** Counts for each group of the mask. */
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
