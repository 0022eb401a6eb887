package org.safeclip.experiments.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Known intervals and their properties. */
class IntervalTest {

    @Test
    void zeroOfSixteenHasAWideInterval() {
        assertThat(Interval.clopperPearson(0, 16, .95).high()).isCloseTo(.206, within(5e-4));
        assertThat(Interval.clopperPearson(0, 16, .90).high()).isCloseTo(.171, within(5e-4));
        assertThat(Interval.clopperPearson(0, 8, .95).high()).isCloseTo(.369, within(5e-4));
        assertThat(Interval.clopperPearson(0, 16, .95)).hasToString("0.0 % (0 of 16, 0.0-20.6 %)");
    }

    @Test
    void zeroAndAllHitsHaveClosedForms() {
        for (int n : new int[] {1, 2, 7, 300, 20_000}) {
            double root = Math.pow(.025, 1.0 / n);
            assertThat(Interval.clopperPearson(0, n, .95).high()).isCloseTo(1 - root, within(1e-12));
            assertThat(Interval.clopperPearson(n, n, .95).low()).isCloseTo(root, within(1e-12));
        }
    }

    @Test
    void intervalsContainTheRateAndAreSymmetric() {
        for (int hits = 0; hits <= 30; hits++) {
            Interval interval = Interval.clopperPearson(hits, 30, .95);
            Interval mirror = Interval.clopperPearson(30 - hits, 30, .95);
            assertThat(interval.rate()).isBetween(interval.low(), interval.high());
            assertThat(interval.low()).isCloseTo(1 - mirror.high(), within(1e-12));
        }
    }

    @Test
    void invalidRatesAreRefused() {
        assertThatThrownBy(() -> new Interval(1, 2, Double.NaN, 0, 1)).hasMessageContaining("rate NaN");
        assertThatThrownBy(() -> new Interval(31, 100, 31, 22, 41)).hasMessageContaining("rate 31.0");
        assertThatThrownBy(() -> new Interval(1, 2, .5, .6, 1)).hasMessageContaining("from 0.6");
    }

    @Test
    void impossibleCountsAreRefused() {
        assertThatThrownBy(() -> Interval.clopperPearson(3, 2, .95))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 hits of 2 trials");
        assertThatThrownBy(() -> Interval.clopperPearson(0, 0, .95)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Interval.clopperPearson(0, 1, 95)).isInstanceOf(IllegalArgumentException.class);
    }
}
