package org.safeclip.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultTableTest {
    @Test
    void columnsAreAligned() {
        assertThat(ResultTable.text(Samples.result(15, 1))).isEqualTo("""
                Method    Zero-shot top-1   top-5  Kinds top-1  Linear probe          Attack success [95 %]  Poisons in safe set  Seconds
                --------  ---------------  ------  -----------  ------------  -----------------------------  -------------------  -------
                CLIP               31.0 %  51.0 %       44.0 %        56.0 %  93.8 % [69.8-99.8] (15 of 16)                    -      121
                SafeCLIP           30.0 %  50.0 %       44.0 %        56.0 %     6.3 % [0.2-30.2] (1 of 16)              2 of 40      300
                """);
    }

    @Test
    void markdownHasARuleBelowTheHeadings() {
        assertThat(ResultTable.markdown(Samples.result(15, 1)).lines())
                .hasSize(4)
                .allMatch(line -> line.startsWith("|") && line.endsWith("|") && line.split("\\|").length == 9)
                .anyMatch(line -> line.startsWith("|----------|----------------:|"));
    }
}
