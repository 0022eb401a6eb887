package org.safeclip.bench.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;

class RungTest {
    @ParameterizedTest
    @CsvSource({"1,1,1", "3,5,7", "4,32,8", "5,33,17", "8,64,31", "13,71,40", "64,128,65", "9,70,1030"})
    void everyProductIsTheDefinition(int m, int n, int k) throws BackendUnavailable {
        try (Backend shipped = Backends.open("simd")) {
            Rung.requireEqual(Rung.matmul(m, n, k, shipped));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3,7", "5,16", "4,17", "2,65", "3,255"})
    void everySoftmaxIsTheDefinition(int rows, int cols) throws BackendUnavailable {
        try (Backend shipped = Backends.open("simd")) {
            Rung.requireEqual(Rung.softmax(rows, cols, shipped));
        }
    }

    @Test
    void aWrongRungIsRefused() {
        Rung right = new Rung("right", () -> {}, () -> new float[] {1});
        Rung wrong = new Rung("wrong", () -> {}, () -> new float[] {2});
        assertThatThrownBy(() -> Rung.requireEqual(List.of(right, wrong))).hasMessageContaining("wrong: number 0");
    }

    @Test
    void theExponentialIsRightToTheLastDigitsOfAFloat() {
        for (float x = 0; x > -87; x -= 0.037f) {
            float want = (float) Math.exp(x);
            assertThat(SoftmaxRungs.exp(x)).isBetween(want * (1 - 4e-7f), want * (1 + 4e-7f));
        }
        assertThat(SoftmaxRungs.exp(-1000)).isBetween(0f, 1e-37f);
    }
}
