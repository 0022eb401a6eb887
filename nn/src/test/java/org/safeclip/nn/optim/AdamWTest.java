package org.safeclip.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.safeclip.nn.Initialisers;
import org.safeclip.nn.Parameter;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

class AdamWTest {
    private static Backend backend;

    @BeforeAll
    static void open() throws Exception {
        backend = Backends.open("scalar");
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private static Parameter ones(String name, int... dims) {
        return new Parameter(name, Initialisers.ones(backend, dims));
    }

    @Test
    void aParameterWithoutGradientIsLeftAlone() {
        Parameter used = ones("used", 2, 2);
        Parameter unused = ones("unused", 2, 2);
        AdamW adam = new AdamW(List.of(used, unused), AdamW.Settings.standard());
        adam.step(used.tensor().sum().backward(), 0.1);
        assertThat(unused.tensor().value().toArray()).containsOnly(1);
        assertThat(used.tensor().value().toArray()[0]).isCloseTo(1 - 0.01f - 0.1f, within(1e-5f));
        assertThat(adam.steps()).containsExactly(1, 0);
        assertThat(adam.moments().get(1).first().toArray()).containsOnly(0);
    }

    @Test
    void decayIsForMatrices() {
        assertThat(AdamW.isMatrix(ones("visual.proj", 2, 2))).isTrue();
        assertThat(AdamW.isMatrix(ones("ln_1.weight", 2))).isFalse();
        assertThat(AdamW.isMatrix(ones("logit_scale"))).isFalse();
        assertThat(AdamW.decaysByName(ones("visual.layer1.0.downsample.1.weight", 2)))
                .isTrue();
        assertThat(AdamW.decaysByName(ones("visual.bn1.weight", 2))).isFalse();
        assertThat(AdamW.decaysByName(ones("logit_scale"))).isFalse();
    }

    @Test
    void stepCountsAreChecked() {
        AdamW adam = new AdamW(List.of(ones("w", 2)), AdamW.Settings.standard());
        assertThatThrownBy(() -> adam.setSteps(1, 2)).hasMessageContaining("2 step counts for 1 parameters");
        assertThatThrownBy(() -> adam.setSteps(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theWholeGradientIsClipped() {
        Parameter a = ones("a", 3);
        Parameter b = ones("b", 1);
        List<Parameter> both = List.of(a, b, ones("unused", 2));
        Gradients gradients =
                a.tensor().sum().add(b.tensor().sum().scale(1)).scale(2).backward(); // four twos: length 4
        assertThat(GradientClip.length(both, gradients)).isCloseTo(4, within(1e-6));
        assertThat(new GradientClip(1).scale(both, gradients)).isEqualTo(0.25f);
        assertThat(new GradientClip(5).scale(both, gradients)).isEqualTo(1);
        assertThatThrownBy(() -> new GradientClip(0)).hasMessageContaining("above 0");
    }
}
