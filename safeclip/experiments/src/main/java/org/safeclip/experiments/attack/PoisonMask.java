package org.safeclip.experiments.attack;

import java.util.BitSet;
import java.util.List;

/**
 * Which rows of a data set are poisons, and of which attack. Training never sees it.
 *
 * @param pairs N, rows of the poisoned set
 * @param groups poisons grouped by target: one group for each target image, or one for a backdoor
 * @param decoys rows of honest pairs that were added beside the poisons
 */
public record PoisonMask(int pairs, List<Group> groups, int[] decoys) {

    /**
     * Poisons of one attack with one target class.
     *
     * @param attack name of the attack
     * @param targetClass noun of the class that the attacker wants predicted
     * @param rows the poisoned rows, ascending
     */
    public record Group(String attack, String targetClass, int[] rows) {}

    /** A mask without decoys. */
    public PoisonMask(int pairs, List<Group> groups) {
        this(pairs, groups, new int[0]);
    }

    /**
     * Copies the list of groups.
     *
     * @throws IllegalArgumentException if a row is outside the set or in two groups
     */
    public PoisonMask {
        groups = List.copyOf(groups);
        BitSet seen = new BitSet(pairs);
        for (Group group : groups) {
            for (int row : group.rows()) {
                if (row < 0 || row >= pairs) {
                    throw new IllegalArgumentException(
                            "poison mask: row " + row + " is not among the " + pairs + " pairs of the set");
                }
                if (seen.get(row)) {
                    throw new IllegalArgumentException("poison mask: row " + row + " is listed twice");
                }
                seen.set(row);
            }
        }
    }

    /** The mask of a data set without poisons. */
    public static PoisonMask none(int pairs) {
        return new PoisonMask(pairs, List.of());
    }

    /** All poisoned rows. */
    public BitSet rows() {
        BitSet rows = new BitSet(pairs);
        for (Group group : groups) {
            for (int row : group.rows()) {
                rows.set(row);
            }
        }
        return rows;
    }

    /** Number of poisons. */
    public int count() {
        return rows().cardinality();
    }

    /** Poisons as a share of all pairs. */
    public double rate() {
        return (double) count() / pairs;
    }
}
