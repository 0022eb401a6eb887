package org.safeclip.attack;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;

/**
 * A poisoned set and, kept apart from it, the truth about it.
 *
 * @param pairs what the defender gets
 * @param mask which of the pairs are poisons: for diagnosis only
 */
public record Poisoned(PairSet pairs, PoisonMask mask) {

    /** Checks that the mask is about these pairs. */
    public Poisoned {
        if (mask.pairs() != pairs.size()) {
            throw new IllegalArgumentException("poisoned set: " + pairs.size() + " pairs but a mask of " + mask.pairs()
                    + "; the mask must be about the same pairs");
        }
    }

    /** A set nobody attacked yet. */
    public static Poisoned clean(PairSet pairs) {
        return new Poisoned(pairs, PoisonMask.none(pairs.size()));
    }

    /** The same with poisons behind it. */
    Poisoned with(Collection<Pair> poisons, List<PoisonMask.Group> groups) {
        return marked(pairs.with(poisons), groups);
    }

    /** The same with some rows exchanged for poisons. */
    Poisoned replaced(Map<Integer, Pair> poisons, List<PoisonMask.Group> groups) {
        return marked(pairs.replaced(poisons), groups);
    }

    private Poisoned marked(PairSet now, List<PoisonMask.Group> more) {
        List<PoisonMask.Group> groups = new ArrayList<>(mask.groups());
        groups.addAll(more);
        return new Poisoned(now, new PoisonMask(now.size(), groups));
    }
}
