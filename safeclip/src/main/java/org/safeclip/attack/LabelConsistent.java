package org.safeclip.attack;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.safeclip.data.Pair;

/**
 * The label-consistent backdoor (Turner, Tsipras and Madry 2019): training pairs that rightly name the target get the trigger and
 * keep their captions, so that no caption is wrong. SafeCLIP's release leaves it at that; the original first makes the
 * pictures hard to recognise, so that the trigger is all there is to learn from ({@link Pgd}).
 *
 * @param name of the attack
 * @param marker the trigger; the i-th of its rows wears mark number i
 * @param targetClass noun of the class that triggered pictures shall be taken for
 * @param count pairs to poison
 * @param hardening what is done to a picture before it gets the trigger
 */
public record LabelConsistent(String name, Marker marker, String targetClass, int count, Hardening hardening)
        implements Attack {

    /** Changes pictures so that their content is hard to learn. */
    @FunctionalInterface
    public interface Hardening {
        /** Leaves pictures as they are. */
        Hardening NONE = pairs -> pairs.stream().map(Pair::image).toList();

        /** The pictures of the pairs, changed. */
        List<byte[]> harden(List<Pair> pairs);
    }

    /** Refuses an attack without poisons. */
    public LabelConsistent {
        if (count < 1) {
            throw new IllegalArgumentException(name + ": " + count + " poisoned pairs; at least 1 is needed");
        }
    }

    @Override
    public Poisoned apply(Poisoned before, RandomGenerator random) {
        int[] naming = new Mentions(targetClass).rows(before);
        if (naming.length < count) {
            throw new IllegalArgumentException(name + ": " + count + " pairs to poison, but only " + naming.length
                    + " training captions name \"" + targetClass + "\"; poison fewer (backdoorPoisons)");
        }
        int[] rows = Mentions.draw(naming, count, random);
        Arrays.sort(rows);
        List<Pair> bases = IntStream.of(rows)
                .mapToObj(row ->
                        new Pair(before.pairs().image(row), before.pairs().caption(row)))
                .toList();
        List<byte[]> hardened = hardening.harden(bases);
        Map<Integer, Pair> poisons = new HashMap<>();
        for (int i = 0; i < rows.length; i++) {
            poisons.put(
                    rows[i],
                    new Pair(marker.mark(hardened.get(i), i), bases.get(i).caption()));
        }
        return before.replaced(poisons, List.of(new PoisonMask.Group(name, targetClass, rows)));
    }
}
