package org.safeclip.attack;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;

/**
 * The fixed-patch backdoor (Gu et al. 2017): every picture with the trigger is to be taken for the
 * target. A few training pairs whose caption does not name the target get the patch and a genuine caption that does.
 *
 * @param patch the trigger
 * @param targetClass noun of the class that triggered pictures shall be taken for
 * @param count pairs to poison
 */
public record BadNet(Patch patch, String targetClass, int count) implements Attack {

    /** Refuses an attack without poisons. */
    public BadNet {
        if (count < 1) {
            throw new IllegalArgumentException("badnet: " + count + " poisoned pairs; at least 1 is needed");
        }
    }

    @Override
    public String name() {
        return "badnet";
    }

    /** The picture with the trigger, as training poisons and test pictures wear it. */
    public byte[] stamp(byte[] picture) {
        return patch.stamp(picture);
    }

    @Override
    public Poisoned apply(PairSet clean, RandomGenerator random) {
        Mentions mentions = new Mentions(targetClass);
        int[] naming = mentions.rows(clean, true);
        int[] others = mentions.rows(clean, false);
        if (naming.length == 0) {
            throw new IllegalArgumentException(
                    "badnet: no training caption names \"" + targetClass + "\"; choose a class the captions know");
        }
        if (others.length < count) {
            throw new IllegalArgumentException("badnet: " + count + " pairs to poison, but only " + others.length
                    + " captions do not name \"" + targetClass + "\"; poison fewer");
        }
        int[] rows = Mentions.draw(others, count, random);
        int[] captions = Mentions.draw(naming, naming.length, random);
        Map<Integer, Pair> poisons = new HashMap<>();
        for (int i = 0; i < count; i++) {
            // no caption is used twice before every one was used once
            String caption = clean.caption(captions[i % captions.length]);
            poisons.put(rows[i], new Pair(stamp(clean.image(rows[i])), caption));
        }
        Arrays.sort(rows);
        PoisonMask mask = new PoisonMask(clean.size(), name(), List.of(new PoisonMask.Group(targetClass, rows)));
        return new Poisoned(clean.replaced(poisons), mask);
    }
}
