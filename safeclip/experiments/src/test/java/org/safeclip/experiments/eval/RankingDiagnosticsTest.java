package org.safeclip.experiments.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;

/** Twenty pairs of rising similarity and agreement; the first four are poisons. */
class RankingDiagnosticsTest {
    private static final int PAIRS = 20;
    private final float[] similarity = new float[PAIRS];
    private final float[] agreement = new float[PAIRS];
    private final double[] order = new double[PAIRS];
    private final BitSet poison = new BitSet();

    private RankingDiagnostics diagnostics() {
        for (int i = 0; i < PAIRS; i++) {
            similarity[i] = i / 40f + (i % 2) * 0.3f;
            order[i] = agreement[i];
        }
        PairScores scores = PairScores.of(similarity);
        return RankingDiagnostics.of(agreement, order, scores, SafeSplit.best(order, 0.75), poison);
    }

    @Test
    void confirmedPairsAndThePoisonsAmongThemAreCounted() {
        poison.set(0, 4);
        IntStream.range(0, PAIRS).forEach(i -> agreement[i] = (i + 1f) / PAIRS);
        assertThat(diagnostics().confirmed()).isNull();
        assertThat(diagnostics().agreementRoc()).isEqualTo(1);

        agreement[3] = 2;
        agreement[5] = 2;
        agreement[6] = 2;
        assertThat(diagnostics().confirmed()).isEqualTo(3);
        assertThat(diagnostics().confirmedPoisons()).isEqualTo(1);
        assertThat(diagnostics().agreementRoc())
                .isEqualTo(49 / 64.0); // the confirmed one ties with two and is above the rest
    }
}
