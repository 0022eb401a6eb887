package org.safeclip.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.safeclip.tensor.cpu.SimdAgainstScalar.check;
import static org.safeclip.tensor.cpu.SimdAgainstScalar.copy;
import static org.safeclip.tensor.cpu.SimdAgainstScalar.random;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.safeclip.tensor.backend.AdamStep;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.Unary;

/** Elementwise functions, and AdamW. */
class SimdElementsTest {
    private static final int[] SIZES = {1, 3, 7, 8, 31, 64, 65, 255, 5000};

    @ParameterizedTest
    @EnumSource
    void functionsOfOneNumberAgree(Unary f) {
        for (int n : SIZES) {
            float[] numbers = new float[n];
            for (int i = 0; i < n; i++) {
                float spread = n == 1 ? 0.5f : -12 + 24f * i / (n - 1);
                numbers[i] = f == Unary.LOG || f == Unary.SQRT ? Math.abs(spread) + 0.01f : spread;
            }
            Storage x = new HostStorage(n, numbers);
            check(f + " " + n, 1e-6, (k, y) -> k.map(f, n, x, y[0]), n);
        }
    }

    @Test
    void affineAgrees() {
        for (int n : SIZES) {
            Storage x = random(n, 1);
            check("affine " + n, 0, (k, y) -> k.affine(n, -1.7f, 0.3f, x, y[0]), n);
        }
    }

    @ParameterizedTest
    @EnumSource
    void functionsOfTwoNumbersAgree(Binary f) {
        for (int n : SIZES) {
            Storage a = random(n, 1);
            Storage b = random(n, 2);
            check(f + " " + n, 2e-6, (k, y) -> k.zip(f, BroadcastShape.same(n), a, b, y[0]), n);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,7", "7,31,1", "1,65,8", "3,5,31", "255,3,1"})
    void broadcastsAgree(int outer, int count, int inner) {
        BroadcastShape broadcast = new BroadcastShape(outer, count, inner);
        Storage a = random(broadcast.size(), 1);
        Storage b = random(count, 2);
        for (Binary f : Binary.values()) {
            check(f + " " + broadcast, 2e-6, (k, y) -> k.zip(f, broadcast, a, b, y[0]), broadcast.size());
        }
    }

    @Test
    void valuesAtTheEndsOfTheRange() {
        float[] x = {Float.NEGATIVE_INFINITY, -200, -87.2f, -86, -0f, 88, 88.7f, 89, Float.POSITIVE_INFINITY, Float.NaN
        };
        float[] y = new float[x.length];
        SimdMaps.exp(0, x.length, x, y);
        assertThat(Arrays.copyOf(y, 3)).containsOnly(0);
        for (int i = 3; i < 7; i++) {
            assertThat(y[i] / Math.exp(x[i])).isBetween(1 - 3e-7, 1 + 3e-7);
        }
        assertThat(y[7]).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(y[8]).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(y[9]).isNaN();
        SimdMaps.tanh(0, x.length, x, y);
        assertThat(y[0]).isEqualTo(-1);
        assertThat(y[8]).isEqualTo(1);
        assertThat(y[9]).isNaN();
    }

    @ParameterizedTest
    @CsvSource({"1", "31", "65", "5000"})
    void adamWAgrees(int n) {
        AdamStep step = new AdamStep(1e-2f, 0.1f, 0.9f, 0.98f, 1e-6f, 3);
        Storage g = random(n, 1);
        Storage v = random(n, 3);
        for (int i = 0; i < n; i++) {
            HostStorage.array(v)[i] = Math.abs(HostStorage.array(v)[i]);
        }
        check(
                "adamW",
                2e-6,
                (k, y) -> {
                    copy(random(n, 2), y[0]);
                    copy(random(n, 4), y[1]);
                    copy(v, y[2]);
                    k.adamW(step, n, y[0], g, y[1], y[2]);
                },
                n,
                n,
                n);
    }
}
