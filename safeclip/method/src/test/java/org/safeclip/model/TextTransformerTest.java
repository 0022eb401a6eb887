package org.safeclip.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** A causal mask hides what comes after the end token, so padding changes nothing and need not be there. */
class TextTransformerTest {
    private static final int END = 19;
    private static final int CONTEXT = 10;
    private static final ClipConfig CONFIG = new ClipConfig(
            4,
            8,
            true,
            new VisionConfig(List.of(), 4, List.of(), 2, 1, 1, false),
            new TextConfig(END + 1, CONTEXT, 16, 2, 2));

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void whatFollowsTheEndTokenIsHidden(String name) throws Exception {
        try (Backend backend = Backends.open(name)) {
            float[] padded = features(backend, CONTEXT, 18, 3, 7, 1, END, 0, 0, 0, 0, 0);
            float[] noisy = features(backend, CONTEXT, 18, 3, 7, 1, END, 5, 18, 2, 17, 9);
            assertThat(noisy).containsExactly(padded);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void whatComesBeforeTheEndTokenIsNot(String name) throws Exception {
        try (Backend backend = Backends.open(name)) {
            float[] one = features(backend, CONTEXT, 18, 3, 7, 1, END, 0, 0, 0, 0, 0);
            float[] other = features(backend, CONTEXT, 18, 4, 7, 1, END, 0, 0, 0, 0, 0);
            assertThat(other).isNotEqualTo(one);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void aTrimmedBatchHasTheFeaturesOfThePaddedOne(String name) throws Exception {
        try (Backend backend = Backends.open(name)) {
            float[] padded =
                    features(backend, CONTEXT, 18, 3, 7, 1, END, 0, 0, 0, 0, 0, 18, 5, END, 0, 0, 0, 0, 0, 0, 0);
            float[] trimmed = features(backend, 5, 18, 3, 7, 1, END, 18, 5, END, 0, 0);
            for (int i = 0; i < padded.length; i++) {
                assertThat(trimmed[i]).isCloseTo(padded[i], Offset.offset(1e-6f));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "simd"})
    void aCaptionDoesNotSeeTheOthersOfItsBatch(String name) throws Exception {
        try (Backend backend = Backends.open(name)) {
            float[] alone = features(backend, 5, 18, 3, 7, 1, END);
            float[] together = features(backend, 5, 18, 3, 7, 1, END, 18, 5, END, 0, 0);
            float[] first = Arrays.copyOf(together, alone.length);
            for (int i = 0; i < alone.length; i++) {
                assertThat(first[i]).isCloseTo(alone[i], Offset.offset(1e-6f));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "scalar")
    void captionsLongerThanTheContextAreRefused(String name) throws Exception {
        try (Backend backend = Backends.open(name)) {
            assertThatThrownBy(() -> features(backend, CONTEXT + 1, new int[CONTEXT + 1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("captions of 11 tokens, but the model's context is 10");
        }
    }

    private static float[] features(Backend backend, int length, int... ids) {
        TextTransformer encoder = TextTransformer.random(CONFIG, backend, new SplittableRandom(4));
        return encoder.apply(new Tokens(ids.length / length, length, ids))
                .value()
                .toArray();
    }
}
