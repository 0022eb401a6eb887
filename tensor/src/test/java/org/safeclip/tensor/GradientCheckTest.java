package org.safeclip.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.check.AgreementCheck;
import org.safeclip.tensor.check.GradientCheck;
import org.safeclip.tensor.check.OpCase;
import org.safeclip.tensor.check.OpCases;
import org.safeclip.tensor.check.Outcome;
import org.safeclip.tensor.cpu.ScalarProvider;

/** The checks can fail: devices with one small fault each are found out. */
final class GradientCheckTest {
    private static final Backend REFERENCE = new ScalarProvider().open();

    @Test
    void findsAWrongCoefficientOfGelu() {
        Backend wrong = WatchedBackend.instead(REFERENCE, "zip", (call, args) -> {
            if (args[0] == Binary.GELU_TANH_GRADIENT) {
                int n = ((BroadcastShape) args[1]).size();
                wrongGeluTanh(n, (Storage) args[2], (Storage) args[3], (Storage) args[4]);
            } else {
                call.run();
            }
        });
        OpCase gelu = named("GELU_TANH [255]");
        assertThat(GradientCheck.run(gelu, REFERENCE).passed()).isTrue();
        Outcome outcome = GradientCheck.run(gelu, wrong);
        assertThat(outcome.passed()).as(outcome.toString()).isFalse();
        assertThat(outcome.toString()).contains("GELU_TANH [255]", "seed", "predicted", "measured");
    }

    @Test
    void findsAGradientOnePercentTooLarge() {
        Backend wrong = WatchedBackend.instead(REFERENCE, "softmaxGradient", (call, args) -> {
            call.run();
            scale((Storage) args[3], ((MatrixShape) args[0]).size(), 1.01f);
        });
        Outcome outcome = GradientCheck.run(named("softmax [3, 31]"), wrong);
        assertThat(outcome.passed()).as(outcome.toString()).isFalse();
    }

    @Test
    void findsNumbersThatAreNoNumbers() {
        Backend wrong = WatchedBackend.instead(REFERENCE, "matmul", (call, args) -> {
            call.run();
            scale((Storage) args[3], 1, Float.NaN);
        });
        assertThat(GradientCheck.run(named("matmul [4, 7] [7, 3]"), wrong).passed())
                .isFalse();
        assertThat(AgreementCheck.run(named("matmul [4, 7] [7, 3]"), wrong, REFERENCE)
                        .passed())
                .isFalse();
    }

    @Test
    void findsANumberLeftUnwritten() {
        Backend wrong = WatchedBackend.instead(
                REFERENCE,
                "affine",
                (call, args) -> REFERENCE
                        .kernels()
                        .affine((int) args[0] - 1, (float) args[1], (float) args[2], (Storage) args[3], (Storage)
                                args[4]));
        Outcome outcome = AgreementCheck.run(named("affine [65]"), wrong, REFERENCE);
        assertThat(outcome.passed()).isFalse();
        assertThat(outcome.where()).contains("number 64 of 65", "got NaN");
    }

    @Test
    void findsBitsThatDifferFromRunToRun() {
        int[] runs = {0};
        Backend wrong = WatchedBackend.instead(REFERENCE, "softmax", (call, args) -> {
            call.run();
            scale((Storage) args[2], 1, 1 + 1e-6f * runs[0]++);
        });
        assertThat(AgreementCheck.repeat(named("softmax [3, 31]"), REFERENCE).passed())
                .isTrue();
        assertThat(AgreementCheck.repeat(named("softmax [3, 31]"), wrong).passed())
                .isFalse();
    }

    /** b·GELU′(a) with 0.0447 · 1.1 for the cube. */
    private static void wrongGeluTanh(int n, Storage a, Storage b, Storage y) {
        float[] as = read(a, n);
        float[] bs = read(b, n);
        double root = Math.sqrt(2 / Math.PI);
        double cube = 0.044715 * 1.1;
        for (int i = 0; i < n; i++) {
            double t = Math.tanh(root * (as[i] + cube * as[i] * as[i] * as[i]));
            bs[i] *= (float) (0.5 * (1 + t) + 0.5 * as[i] * (1 - t * t) * root * (1 + 3 * cube * as[i] * as[i]));
        }
        y.write(bs, 0, n);
    }

    private static void scale(Storage y, int n, float factor) {
        float[] numbers = read(y, n);
        for (int i = 0; i < n; i++) {
            numbers[i] *= factor;
        }
        y.write(numbers, 0, n);
    }

    private static float[] read(Storage x, int n) {
        float[] numbers = new float[n];
        x.read(numbers, 0, n);
        return numbers;
    }

    private static OpCase named(String name) {
        List<OpCase> found =
                OpCases.all().stream().filter(each -> each.name().equals(name)).toList();
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }
}
