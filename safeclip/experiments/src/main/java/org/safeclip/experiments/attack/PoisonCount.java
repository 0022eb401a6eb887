package org.safeclip.experiments.attack;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    /** One line for each attack with the ranges of its counts. */
    public static List<String> ranges(List<PoisonCount> counts) {
        Map<String, List<PoisonCount>> byAttack = new LinkedHashMap<>();
        counts.forEach(count ->
                byAttack.computeIfAbsent(count.attack(), _ -> new ArrayList<>()).add(count));
        List<String> lines = new ArrayList<>();
        byAttack.forEach((attack, of) -> lines.add(String.format(
                Locale.ROOT,
                "%s: %s poisons for each of %d targets, against %s clean pairs that name what the attacker wants",
                attack,
                range(of.stream().mapToInt(PoisonCount::poisons)),
                of.size(),
                range(of.stream().mapToInt(PoisonCount::cleanPairs)))));
        return lines;
    }

    private static String range(IntStream counts) {
        IntSummaryStatistics range = counts.summaryStatistics();
        return range.getMin() == range.getMax()
                ? Integer.toString(range.getMin())
                : range.getMin() + " to " + range.getMax();
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
