package org.safeclip.experiments.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.safeclip.experiments.attack.AttackTestSet;

class AttackMarginTest {
    private static final float[] SCORES = {
        .1f, .5f, .2f, // the wanted class 1 leads by .3
        .6f, .2f, .4f, // and is .4 behind here
    };

    @Test
    void targetsHaveAMarginEach() {
        AttackMargin margin = AttackMargin.of(SCORES, 3, test(null));

        assertThat(margin).isNotNull();
        assertThat(margin.mean()).isCloseTo(-.05, within(1e-6));
        assertThat(margin.targets()).hasSize(2);
        assertThat(margin.targets().getFirst()).isCloseTo(.3, within(1e-6));
        assertThat(margin.targets().getLast()).isCloseTo(-.4, within(1e-6));
    }

    @Test
    void ofABackdoorOnlyTheMeanIsKept() {
        AttackMargin margin = AttackMargin.of(SCORES, 3, test(test(null)));

        assertThat(margin).isNotNull();
        assertThat(margin.mean()).isCloseTo(-.05, within(1e-6));
        assertThat(margin.targets()).isEmpty();
    }

    @Test
    void oneClassHasNoMargin() {
        assertThat(AttackMargin.of(new float[2], 1, test(null))).isNull();
    }

    private static AttackTestSet test(@Nullable AttackTestSet withoutTrigger) {
        List<byte[]> images = List.of(new byte[3], new byte[3]);
        return new AttackTestSet(
                "any", images, List.of(), List.of("a", "b"), new int[] {0, 2}, new int[] {1, 1}, withoutTrigger);
    }
}
