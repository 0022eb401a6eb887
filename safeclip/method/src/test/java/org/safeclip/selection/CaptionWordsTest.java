package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.safeclip.data.RandomKey;

/** Words of captions, their weights, and captions as rows of numbers. */
class CaptionWordsTest {
    private static final CaptionWords WORDS =
            CaptionWords.of(List.of("a red Wall", "a blue wall, a BLUE wall!", "the sky", "été à 7 h"));

    @Test
    void wordsAreDistinctAndCaseDoesNotMatter() {
        assertThat(WORDS.words()[0]).hasSize(3);
        assertThat(WORDS.words()[1]).hasSize(3);
        assertThat(WORDS.words()[3]).hasSize(4);
        assertThat(IntStream.of(WORDS.words()[0])
                        .filter(word -> IntStream.of(WORDS.words()[1]).anyMatch(other -> other == word)))
                .as("a, wall")
                .hasSize(2)
                .allMatch(word -> WORDS.counts()[word] == 2 && WORDS.weights()[word] == Math.log(2));
        assertThat(WORDS.weight(2)).isCloseTo(2 * Math.log(4), within(1e-12));
    }

    @Test
    void rowsHaveNearlyTheCosineOfTheWeightedWords() {
        int[] all = {0, 1, 2, 3};
        FeatureRows rows = WORDS.features(all, 4096, RandomKey.of(3));
        double shared = 2 * Math.log(2) * Math.log(2);
        double length = shared + Math.log(4) * Math.log(4); // both captions share two words and have a third
        assertThat(rows.cosine(0, 1)).isCloseTo((float) (shared / length), within(0.06f));
        assertThat(rows.cosine(0, 2)).isCloseTo(0, within(0.06f));
        assertThat(rows.cosine(1, 1)).isCloseTo(1, within(1e-5f));
        assertThat(WORDS.features(all, 4096, RandomKey.of(3)).values()).isEqualTo(rows.values());
    }
}
