package org.safeclip.experiments.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.safeclip.selection.SafeSplit;

/** The composition of a safe set of two out of five pairs. */
class SafeContentTest {
    @Test
    void countsOfFivePairs() {
        int[] copies = {1, 4, 4, 4, 4};
        int[] words = {2, 3, 4, 5, 6};
        int[] classes = {0, 0, 1, 1, -1};
        SafeContent.Pairs pairs = new SafeContent.Pairs(copies, 3, words, classes, 2);
        SafeContent content = SafeContent.of(SafeSplit.of(new int[] {0, 1}, 5, .4), pairs);
        assertThat(content.repeated()).isEqualTo(4);
        assertThat(content.safeRepeated()).isEqualTo(1);
        assertThat(content.mostCopies()).isEqualTo(4);
        assertThat(content.words()).isEqualTo(4);
        assertThat(content.safeWords()).isEqualTo(2.5);
        assertThat(content.classes()).containsExactly(2, 2);
        assertThat(content.safeClasses()).containsExactly(2, 0);
        assertThat(content.classShift()).isCloseTo(.5, within(1e-12));
    }

    @Test
    void aSafeSetWithoutClassesHasNoShift() {
        SafeContent.Pairs pairs = new SafeContent.Pairs(new int[] {1, 1}, 1, new int[] {1, 1}, new int[] {0, -1}, 1);
        assertThat(SafeContent.of(SafeSplit.of(new int[] {1}, 2, .5), pairs).classShift())
                .isZero();
    }
}
