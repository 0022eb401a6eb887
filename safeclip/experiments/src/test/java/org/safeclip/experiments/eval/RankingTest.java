package org.safeclip.experiments.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Hand-computed rankings: ties go to the smaller index. */
class RankingTest {
    private static final float[] TWO_ROWS = {
        .1f, .9f, .5f, .9f,
        .4f, .3f, .2f, .1f,
    };

    @Test
    void ranksAndTopKAgree() {
        assertThat(Ranking.ranks(TWO_ROWS, 4, new int[] {3, 2})).containsExactly(1, 2);
        assertThat(Ranking.best(TWO_ROWS, 4)).containsExactly(1, 0);
        assertThat(Ranking.margins(TWO_ROWS, 4, new int[] {3, 2})).containsExactly(0, .2f - .4f);
        assertThat(Ranking.margins(TWO_ROWS, 4, new int[] {0, 0})).containsExactly(.1f - .9f, .4f - .3f);
        assertThat(Ranking.top(TWO_ROWS, 0, 4, 3)).containsExactly(1, 3, 2);
        assertThat(Ranking.top(TWO_ROWS, 1, 4, 9)).containsExactly(0, 1, 2, 3);
        assertThat(Ranking.topK(new int[] {0, 1, 2, 7}, 2)).hasToString("50.0 % (2 of 4, 6.8-93.2 %)");
        assertThat(Ranking.bestRanks(TWO_ROWS, 4, List.of(new int[] {2, 3}, new int[] {3, 1, 2})))
                .containsExactly(1, 1);
    }

    @Test
    void wrongShapesAreRefused() {
        assertThatThrownBy(() -> Ranking.ranks(TWO_ROWS, 3, new int[] {0, 1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8 scores, expected 2 rows of 3");
        assertThatThrownBy(() -> Ranking.margins(new float[] {1}, 1, new int[] {0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs another one");
        assertThatThrownBy(() -> Ranking.topK(new int[0], 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
