package org.safeclip.experiments.attack;

import java.util.BitSet;
import java.util.List;

/**
 * Which rows of a set are poisons, and of what attack: the attacker's side file, never shown to training.
 *
 * @param pairs N, rows of the poisoned set
 * @param groups poisons that pull towards one class: one group for each target picture, or one for a whole backdoor
 */
public record PoisonMask(int pairs, List<Group> groups) {

    /**
     * Poisons with one aim.
     *
     * @param attack name of the attack
     * @param targetClass noun of the class the attacker wants to see
     * @param rows the poisoned rows, ascending
     */
    public record Group(String attack, String targetClass, int[] rows) {}

    /** Copies the list of groups and checks that every row is a row of the set and in one group only. */
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

    /** The mask of a set nobody attacked. */
    public static PoisonMask none(int pairs) {
        return new PoisonMask(pairs, List.of());
    }

    /** All poisoned rows, as diagnostics want them. */
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
