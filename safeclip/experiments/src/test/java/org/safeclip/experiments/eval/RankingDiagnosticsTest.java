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
    void theLowestAgreementTellsThePoisonsAndSimilarityLetsThemIn() {
        poison.set(0, 4);
        IntStream.range(0, PAIRS).forEach(i -> agreement[i] = (i + 1f) / PAIRS);
        assertThat(diagnostics().agreementRoc()).isEqualTo(1);
        assertThat(diagnostics().bothRoc()).isEqualTo(1);
        assertThat(diagnostics().published()).isEqualTo(2); // pairs 1 and 3 are among the 15 most similar

        agreement[3] = 2;
        assertThat(diagnostics().agreementRoc()).isEqualTo(0.75);
    }

    @Test
    void withoutPoisonsThereIsNoCurve() {
        assertThat(diagnostics().agreementRoc()).isNull();
        assertThat(diagnostics().published()).isZero();
    }
}
