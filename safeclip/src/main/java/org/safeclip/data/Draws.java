package org.safeclip.data;

import java.util.SplittableRandom;

/**
 * Generators that depend only on what they are for: the same (seed, epoch, pair, view) gives the same numbers on any
 * thread and in any order.
 */
final class Draws {

    private Draws() {}

    static SplittableRandom of(long seed, long epoch, long pair, long view) {
        long h = mix(seed);
        h = mix(h ^ epoch);
        h = mix(h ^ pair);
        return new SplittableRandom(mix(h ^ view));
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014) after its golden-ratio step: a bijection on 64 bits. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
