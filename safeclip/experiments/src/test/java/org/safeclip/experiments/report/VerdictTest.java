package org.safeclip.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    @ParameterizedTest
    @CsvSource({
        "15, 1, The defence held, good",
        "16, 0, The defence held, good",
        "2, 0, The attack failed, open",
        "15, 12, The defence failed, bad",
        "8, 2, Inconclusive, open",
        "16, 6, 'The defence helped, but did not hold', bad"
    })
    void verdictFollowsFromTheIntervals(int clipHits, int safeHits, String label, String tone) {
        Verdict verdict = Verdict.of(Samples.result(clipHits, safeHits));

        assertThat(verdict.label()).isEqualTo(label);
        assertThat(verdict.tone()).isEqualTo(tone);
        assertThat(verdict.sentence())
                .isEqualTo("The attack fooled CLIP on " + clipHits + " of 16 target images and SafeCLIP on " + safeHits
                        + " of 16.");
    }

    @ParameterizedTest
    @CsvSource({"31, 51, ' SafeCLIP classifies 31.0 %'", "28, 51, ' It costs accuracy'", "31, 48, ' It costs accuracy'"
    })
    void lossOfAccuracyIsReported(int first, int firstFive, String expected) {
        assertThat(Verdict.of(Samples.paid(first, firstFive)).remark())
                .contains(expected)
                .endsWith(
                        " classifies " + first + ".0 % of the held-out concepts correctly (top-1), CLIP 31.0 %; top-5: "
                                + firstFive + ".0 % and 51.0 %.");
    }
}
