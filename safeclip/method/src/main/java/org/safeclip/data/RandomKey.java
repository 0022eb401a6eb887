package org.safeclip.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The origin of a stream of random numbers. Everything random is drawn from one seed: a key is folded with what the numbers are for
 * (a name, an epoch, a pair), and the same folds give the same numbers on any thread and in any order, whatever else is drawn.
 *
 * <p>A <em>draw</em> is the number that names one pass over the data; the methods {@link #pass}, {@link #scoring} and {@link #refill}
 * keep the passes of an epoch apart.
 *
 * @param state 64 bits from which the numbers follow
 */
public record RandomKey(long state) {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L; // odd: multiples differ for every factor
    private static final int MOST_EPOCHS = 1 << 16;
    private static final int ORDER = -1; // no pair has this index
    private static final int CAPTION = 64; // no image view has this number

    /** The key of a seed. */
    public static RandomKey of(long seed) {
        return new RandomKey(seed);
    }

    /** A key of its own for a use with a name, such as "image pool". */
    public RandomKey fold(String use) {
        long mixed = state;
        for (byte letter : use.getBytes(StandardCharsets.UTF_8)) {
            mixed = mixed * GOLDEN_RATIO + letter;
        }
        return new RandomKey(mixed);
    }

    /**
     * A key of its own for a use with a number, such as an epoch, a pair or an element of a list. Adding multiples of a constant to
     * the state would not do: {@link SplittableRandom} adds the golden ratio for every number it draws, so the streams of
     * neighbours could be one stream, shifted.
     */
    public RandomKey fold(long number) {
        return new RandomKey(mix(state ^ number));
    }

    /** The numbers of this key, from the first. */
    public SplittableRandom random() {
        return new SplittableRandom(state);
    }

    /**
     * Draws without replacement: the first {@code count} steps of a Fisher-Yates shuffle of a copy.
     *
     * @param from what is drawn from, at least {@code count} numbers
     * @return the drawn numbers, {@code [count]}, in the order of drawing
     */
    public static int[] drawn(int[] from, int count, RandomGenerator random) {
        int[] shuffled = from.clone();
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i, shuffled.length);
            int drawn = shuffled[j];
            shuffled[j] = shuffled[i];
            shuffled[i] = drawn;
        }
        return Arrays.copyOf(shuffled, count);
    }

    /** The draw of repetition {@code repetition} (from 0) of a training pass in an epoch (from 1). */
    public static int pass(int epoch, int repetition) {
        return epoch + repetition * MOST_EPOCHS;
    }

    /** The draw of view {@code k} (from 0) out of {@code views} by which the pairs are scored in an epoch; never trained on. */
    public static int scoring(int epoch, int views, int k) {
        return -(epoch * views + k + 1);
    }

    /** The draw of the pairs that refill the neighbour pools in an epoch. */
    public static int refill(int epoch) {
        return -epoch;
    }

    /** The order of the pairs in a draw. */
    SplittableRandom order(int draw) {
        return of(draw, ORDER, 0);
    }

    /** One view (from 0) of the image of a pair. */
    SplittableRandom imageView(int draw, int pair, int view) {
        return of(draw, pair, view);
    }

    /** One view (from 0) of the caption of a pair. */
    SplittableRandom captionView(int draw, int pair, int view) {
        return of(draw, pair, CAPTION + view);
    }

    private SplittableRandom of(long draw, long pair, long view) {
        return fold(0).fold(draw).fold(pair).fold(view).random();
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014) after its golden-ratio step: a bijection on 64 bits. */
    private static long mix(long value) {
        long z = value + GOLDEN_RATIO;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
