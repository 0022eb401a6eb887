package org.safeclip.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.safeclip.experiments.eval.Scores;

/** One row per metric, one column per model. */
class ScoresTableTest {
    @Test
    void everyRateHasItsIntervalAndCounts() {
        Map<String, Scores> models = new LinkedHashMap<>();
        models.put("clip", Samples.scores(31, 15));
        models.put("safeclip", Samples.scores(30, 1));

        assertThat(ScoresTable.text(models).lines())
                .hasSize(2 + 4 + 4 + 1 + 3 + 3 + 3 + 1)
                .extracting(line -> line.replaceAll(" {2,}", "  "))
                .contains(
                        "Metric  CLIP  SafeCLIP",
                        "Concepts, top-1  31.0 % [22.1-41.0] (31 of 100)  30.0 % [21.2-40.0] (30 of 100)",
                        "Attack success  93.8 % [69.8-99.8] (15 of 16)  6.3 % [0.2-30.2] (1 of 16)");
    }

    @Test
    void metricsThatWereNotEvaluatedAreLeftOut() {
        Scores all = Samples.scores(31, 15);
        Scores partial = new Scores(all.fine(), all.coarse(), null, null, null, null, null);

        assertThat(ScoresTable.text(Map.of("clip", partial)).lines())
                .hasSize(2 + 4 + 4)
                .noneMatch(line -> line.contains("probe") || line.contains("R@") || line.contains("Attack"));
    }
}
