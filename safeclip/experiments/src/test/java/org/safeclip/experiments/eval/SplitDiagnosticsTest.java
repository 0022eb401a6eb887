package org.safeclip.experiments.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.safeclip.selection.GaussianMixture;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;

/** Hand-computed diagnostics of ten pairs, of which 0, 1 and 8 are poisons. */
class SplitDiagnosticsTest {
    private static final float[] SIMILARITY = {.0f, .1f, .2f, .3f, .4f, .5f, .6f, .7f, .8f, .9f};
    private static final double[] POSTERIOR = {0, 0, .1, .2, .3, .4, .5, .8, .95, .9};
    private static final PairScores SCORES =
            new PairScores(SIMILARITY, POSTERIOR, GaussianMixture.fit(new double[] {0, 1}, 1e-3, 1));

    @Test
    void countsOfTenPairs() {
        SafeSplit split = SafeSplit.first(SCORES, .8);
        SplitDiagnostics d = SplitDiagnostics.of(SCORES, split, mask(0, 1, 8), null);
        assertThat(d.pairs()).isEqualTo(10);
        assertThat(d.poisons()).isEqualTo(3);
        assertThat(d.safeSize()).isEqualTo(3);
        assertThat(d.safePoisons()).isEqualTo(1);
        assertThat(d.shareOfPoisons()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(d.shareOfSafe()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(d.precision()).isCloseTo(2 / 7.0, within(1e-12));
        assertThat(d.recall()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(d.f1()).isCloseTo(.4, within(1e-12));
        assertThat(d.decilePoisons()).containsExactly(1, 1, 0, 0, 0, 0, 0, 0, 1, 0);
        // 14 + 1 of 21 pairs of a poison and a clean pair are in the right order
        assertThat(d.similarityRoc().orElseThrow()).isCloseTo(15 / 21.0, within(1e-12));
        assertThat(d.posteriorRoc().orElseThrow()).isCloseTo(14 / 21.0, within(1e-12));
        assertThat(d.similarityPrecision().orElseThrow()).isCloseTo((1 + 1 + 3 / 9.0) / 3, within(1e-12));
        assertThat(d.jaccard()).isEmpty();
        assertThat(Arrays.stream(d.histogram().clean()).sum()).isEqualTo(7);
        assertThat(Arrays.stream(d.histogram().poisoned()).sum()).isEqualTo(3);
        assertThat(Arrays.stream(d.histogram().safeClean()).sum()).isEqualTo(2);
        assertThat(Arrays.stream(d.histogram().safePoisoned()).sum()).isEqualTo(1);

        SafeSplit next = split.next(SCORES, .2, 1);
        assertThat(SplitDiagnostics.of(SCORES, next, mask(8), split).jaccard().orElseThrow())
                .isCloseTo(3 / 5.0, within(1e-12));
    }

    @Test
    void withoutPoisonsThereAreNoCurves() {
        SplitDiagnostics d = SplitDiagnostics.of(SCORES, SafeSplit.first(SCORES, .8), new BitSet(), null);
        assertThat(d.similarityRoc()).isEmpty();
        assertThat(d.f1()).isZero();
        assertThat(d.shareOfPoisons()).isZero();
    }

    @Test
    void aMaskOfOtherPairsIsRefused() {
        assertThatThrownBy(() -> SplitDiagnostics.of(SCORES, SafeSplit.first(SCORES, .8), mask(10), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one set of pairs");
    }

    private static BitSet mask(int... poisons) {
        BitSet mask = new BitSet();
        for (int i : poisons) {
            mask.set(i);
        }
        return mask;
    }
}
