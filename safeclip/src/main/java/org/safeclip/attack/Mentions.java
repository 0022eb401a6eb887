package org.safeclip.attack;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which captions name a class: its noun as whole words, upper and lower case told apart (the authors' data scripts do
 * the same).
 */
public final class Mentions implements Predicate<String> {
    private final Pattern words;

    /** Captions that name {@code noun}. */
    public Mentions(String noun) {
        words = Pattern.compile("\\b" + Pattern.quote(noun) + "\\b", Pattern.UNICODE_CHARACTER_CLASS);
    }

    @Override
    public boolean test(String caption) {
        return words.matcher(caption).find();
    }

    /** The honest pairs whose caption names the class. */
    public int[] rows(Poisoned pairs) {
        List<String> captions = pairs.pairs().captions();
        BitSet poisons = pairs.mask().rows();
        return IntStream.range(0, captions.size())
                .filter(i -> !poisons.get(i) && test(captions.get(i)))
                .toArray();
    }

    /** Draws without replacement: the first {@code count} steps of a Fisher-Yates shuffle of a copy. */
    static int[] draw(int[] from, int count, RandomGenerator random) {
        int[] shuffled = from.clone();
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i, shuffled.length);
            int drawn = shuffled[j];
            shuffled[j] = shuffled[i];
            shuffled[i] = drawn;
        }
        return Arrays.copyOf(shuffled, count);
    }
}
