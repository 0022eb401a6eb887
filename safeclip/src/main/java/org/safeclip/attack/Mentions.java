package org.safeclip.attack;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.safeclip.data.PairSet;

/**
 * Which captions name a class: its noun as whole words, upper and lower case told apart (the authors' data scripts do
 * the same). They are genuine captions, so a poison reads like any honest pair.
 */
final class Mentions {
    private final Pattern words;

    Mentions(String noun) {
        words = Pattern.compile("\\b" + Pattern.quote(noun) + "\\b", Pattern.UNICODE_CHARACTER_CLASS);
    }

    /** The rows whose caption names the class, or those whose caption does not. */
    int[] rows(PairSet pairs, boolean named) {
        List<String> captions = pairs.captions();
        return IntStream.range(0, captions.size())
                .filter(i -> words.matcher(captions.get(i)).find() == named)
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
