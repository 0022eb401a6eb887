package org.safeclip.attack;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.safeclip.data.HeldOut;
import org.safeclip.data.Pair;

/**
 * The dirty-label backdoor: every picture with the trigger is to be taken for the target. Pictures that never enter training
 * otherwise, none of them described by the target's name, get the trigger and a caption of the target, and are appended.
 *
 * @param name of the attack: badnet, blended, wanet, sig, or a variant of theirs
 * @param marker the trigger; poison i wears mark number i
 * @param targetClass noun of the class that triggered pictures shall be taken for
 * @param bases the pictures to be marked, see {@link #draw}
 * @param captions where the captions come from
 */
public record Backdoor(String name, Marker marker, String targetClass, List<HeldOut> bases, FalseCaptions captions)
        implements Attack {

    /** Copies the list and refuses an attack without poisons. */
    public Backdoor {
        bases = List.copyOf(bases);
        if (bases.isEmpty()) {
            throw new IllegalArgumentException(name + ": 0 poisoned pairs; at least 1 is needed");
        }
    }

    /**
     * Draws base pictures by chance.
     *
     * @param attack whose refusal it is where there are too few
     * @param kind the target's place in the list of kinds, or −1 where it has none
     */
    public static List<HeldOut> draw(
            String attack, List<HeldOut> pictures, String targetClass, int kind, int count, RandomGenerator random) {
        Mentions naming = new Mentions(targetClass);
        int[] others = IntStream.range(0, pictures.size())
                .filter(i -> (kind < 0 || pictures.get(i).kind() != kind)
                        && !naming.test(pictures.get(i).caption()))
                .toArray();
        if (others.length < count) {
            throw new IllegalArgumentException(attack + ": " + count + " pairs to poison, but only " + others.length
                    + " held-out pictures are no " + targetClass + "; poison fewer (backdoorPoisons)");
        }
        return IntStream.of(Mentions.draw(others, count, random))
                .mapToObj(pictures::get)
                .toList();
    }

    @Override
    public Poisoned apply(Poisoned before, RandomGenerator random) {
        Iterator<String> words =
                captions.draw(name, before, targetClass, bases.size(), random).iterator();
        List<Pair> poisons = new ArrayList<>(bases.size());
        for (HeldOut base : bases) {
            poisons.add(new Pair(marker.mark(base.pixels(), poisons.size()), words.next()));
        }
        int first = before.pairs().size();
        int[] rows = IntStream.range(first, first + bases.size()).toArray();
        return before.with(poisons, List.of(new PoisonMask.Group(name, targetClass, rows)));
    }
}
