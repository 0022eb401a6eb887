package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of the split: a partition, taken from the top, growing as the paper says. */
class SafeSplitTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everySplitIsAPartitionOfTheMostTrusted(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        PairScores trust = coarse(random, 1 + random.nextInt(400));
        SafeSplit split = SafeSplit.first(trust, .9, 1 + random.nextInt(20));
        for (int epoch = 0; epoch < 5; epoch++) {
            checkPartition(split, trust.pairs());
            trust = coarse(random, trust.pairs());
            SafeSplit before = split;
            split = split.next(trust, .07, .85);

            int size = (int) (trust.pairs() * Math.min(before.share() + .07, .85) + 1e-9);
            assertThat(split.safe()).as("seed %d", seed).containsExactly(bySorting(trust, size));
        }
    }

    @Test
    void theFirstSplitTakesAllWhoReachTheThreshold() {
        PairScores trust = trust(new float[] {.1f, .5f, .4f, .3f}, new double[] {.2, .95, .9, .89});
        SafeSplit split = SafeSplit.first(trust, .9);
        assertThat(split.safe()).containsExactly(1, 2);
        assertThat(split.risky()).containsExactly(0, 3);
        assertThat(split.share()).isEqualTo(.5);
        assertThat(split.fellBack()).isFalse();
    }

    @Test
    void withTooFewAboveTheThresholdTheMostSimilarAreTaken() {
        float[] similarity = new float[200];
        double[] posterior = new double[200];
        for (int i = 0; i < 200; i++) {
            similarity[i] = i / 200f;
        }
        posterior[0] = 1;
        PairScores trust = trust(similarity, posterior);
        assertThat(SafeSplit.first(trust, .9).safe()).containsExactly(0);

        SafeSplit fivePercent = SafeSplit.first(trust, .9, 8);
        assertThat(fivePercent.fellBack()).isTrue();
        assertThat(fivePercent.safe()).containsExactly(IntStream.range(190, 200).toArray());
        assertThat(SafeSplit.first(trust, .9, 64).safe()).hasSize(64);
        assertThat(SafeSplit.first(trust, .9, 500).safe()).hasSize(200);
    }

    @Test
    void growthOfThePaper() {
        int n = 10_000;
        PairScores trust = random(new SplittableRandom(4), n);
        SafeSplit split = new SafeSplit(range(0, 1139), range(1139, n), .1139, false);
        assertThat(SafeSplit.projectedShare(split.share(), 25, .01, .85)).isCloseTo(.3639, within(1e-12));
        for (int epoch = 7; epoch <= 32; epoch++) {
            int increments = epoch - 7;
            assertThat(split.share()).isCloseTo(.1139 + .01 * increments, within(1e-12));
            assertThat(split.safe()).hasSize(1139 + 100 * increments);
            split = split.next(trust, .01, .85);
        }
        assertThat(new SafeSplit(range(0, 8495), range(8495, n), .8495, false)
                        .next(trust, .01, .85)
                        .safe())
                .hasSize(8500);
    }

    @Test
    void aShareThatWasACountStaysThatCount() {
        for (int n = 1; n < 300; n++) {
            PairScores trust = random(new SplittableRandom(n), n);
            for (int k = 1; k <= n; k++) {
                SafeSplit split = new SafeSplit(range(0, k), range(k, n), (double) k / n, false);
                assertThat(split.next(trust, 0, 1).safe()).hasSize(k);
            }
        }
    }

    @Test
    void growthStopsWhereTheMixtureStopsBelieving() {
        double[] posterior = new double[100];
        for (int i = 0; i < 100; i++) {
            posterior[i] = i < 30 ? .8 : .2;
        }
        PairScores trust = trust(new float[100], posterior);
        SafeSplit split = new SafeSplit(range(0, 20), range(20, 100), .2, false);
        assertThat(split.next(trust, .05, .85, .5).safe()).hasSize(25);
        assertThat(split.next(trust, .5, .85, .5).safe()).hasSize(30);
        assertThat(split.next(trust, .5, .85).safe()).hasSize(70);
        // neither grows nor shrinks once past what is believed
        SafeSplit large = new SafeSplit(range(0, 40), range(40, 100), .4, false);
        assertThat(large.next(trust, .05, .85, .5).safe()).hasSize(40);
    }

    @Test
    void overlap() {
        SafeSplit a = new SafeSplit(new int[] {0, 1, 2}, new int[] {3, 4}, .6, false);
        SafeSplit b = new SafeSplit(new int[] {1, 2, 4}, new int[] {0, 3}, .6, false);
        assertThat(a.jaccard(b)).isEqualTo(.5);
        assertThat(a.jaccard(a)).isEqualTo(1);
    }

    @Test
    void splitsOfOtherPairsAreRefused() {
        SafeSplit split = new SafeSplit(range(0, 2), range(2, 5), .4, false);
        PairScores other = random(new SplittableRandom(1), 6);
        assertThatThrownBy(() -> split.next(other, .01, .85))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("made of 5 pairs");
        assertThatThrownBy(() -> trust(new float[2], new double[3])).isInstanceOf(IllegalArgumentException.class);
    }

    /** METHOD 8.5: few of the dissimilar poisons reach the safe set. */
    @Test
    void poisonsBelowTheBellStayOut() {
        RandomGenerator random = new SplittableRandom(5);
        float[] x = new float[100_000];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (i < 800 ? random.nextGaussian(.05, .05) : random.nextGaussian(.117, .06));
        }
        SafeSplit split = SafeSplit.first(PairScores.of(x), .9);
        assertThat(split.share()).isBetween(.10, .15);
        assertThat(Arrays.stream(split.safe()).filter(i -> i < 800)).hasSizeLessThanOrEqualTo(12);
    }

    private static void checkPartition(SafeSplit split, int n) {
        assertThat(split.safe()).isSorted();
        assertThat(split.risky()).isSorted();
        int[] all = IntStream.concat(Arrays.stream(split.safe()), Arrays.stream(split.risky()))
                .sorted()
                .toArray();
        assertThat(all).containsExactly(range(0, n));
    }

    private static int[] bySorting(PairScores trust, int size) {
        return IntStream.range(0, trust.pairs())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -trust.posterior()[i])
                        .thenComparingDouble(i -> -trust.similarity()[i])
                        .thenComparingInt(i -> i))
                .limit(size)
                .mapToInt(i -> i)
                .sorted()
                .toArray();
    }

    /** Few different values, so that ties at every level are common. */
    private static PairScores coarse(RandomGenerator random, int n) {
        float[] similarity = new float[n];
        double[] posterior = new double[n];
        for (int i = 0; i < n; i++) {
            similarity[i] = random.nextInt(5) / 5f;
            posterior[i] = 1 - random.nextInt(5) / 5.0;
        }
        return trust(similarity, posterior);
    }

    private static PairScores random(RandomGenerator random, int n) {
        float[] similarity = new float[n];
        double[] posterior = new double[n];
        for (int i = 0; i < n; i++) {
            similarity[i] = random.nextFloat();
            posterior[i] = similarity[i];
        }
        return trust(similarity, posterior);
    }

    private static PairScores trust(float[] similarity, double[] posterior) {
        GaussianMixture any = GaussianMixture.fit(new double[] {0, 1}, 1e-3, 1);
        return new PairScores(similarity, posterior, any);
    }

    private static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }
}
