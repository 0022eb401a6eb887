package org.safeclip.attack;

import java.util.BitSet;
import java.util.List;

/**
 * Which rows of a set are poisons, and of what attack: the attacker's side file, never shown to training.
 *
 * @param pairs N, rows of the poisoned set
 * @param attack name of the attack
 * @param groups poisons that pull towards one class: one group for each target picture, or one for a whole backdoor
 */
public record PoisonMask(int pairs, String attack, List<Group> groups) {

    /**
     * Poisons with one aim.
     *
     * @param targetClass noun of the class the attacker wants to see
     * @param rows the poisoned rows, ascending
     */
    public record Group(String targetClass, int[] rows) {}

    /** Copies the list of groups and checks that every row is a row of the set. */
    public PoisonMask {
        groups = List.copyOf(groups);
        for (Group group : groups) {
            for (int row : group.rows()) {
                if (row < 0 || row >= pairs) {
                    throw new IllegalArgumentException(
                            "poison mask: row " + row + " is not among the " + pairs + " pairs of the set");
                }
            }
        }
    }

    /** The mask of a set nobody attacked. */
    public static PoisonMask none(int pairs) {
        return new PoisonMask(pairs, "none", List.of());
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
