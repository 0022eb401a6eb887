package org.safeclip.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.safeclip.tensor.cpu.SimdAgainstScalar.check;
import static org.safeclip.tensor.cpu.SimdAgainstScalar.random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.NormGradients;
import org.safeclip.tensor.backend.NormInput;
import org.safeclip.tensor.backend.Reduction;
import org.safeclip.tensor.backend.Storage;

/** Softmax, cross-entropy, normalisations and reductions on odd sizes. */
class SimdRowsTest {
    private static final String TALL = "255,31";

    @ParameterizedTest
    @CsvSource({"1,1", "3,7", "7,8", "31,64", "65,65", "8,255", TALL})
    void softmaxAndItsGradientAgree(int rows, int cols) {
        int n = rows * cols;
        Storage x = random(n, 1);
        Storage dy = random(n, 2);
        check("softmax", 1e-6, (k, y) -> k.softmax(new MatrixShape(rows, cols), x, y[0]), n);
        check("softmaxGradient", 1e-5, (k, y) -> k.softmaxGradient(new MatrixShape(rows, cols), x, dy, y[0]), n);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3,7", "7,8", "31,64", "65,65", "8,255", TALL})
    void crossEntropyAndItsGradientAgree(int rows, int cols) {
        Storage x = random(rows * cols, 1);
        Storage dlosses = random(rows, 2);
        HostIntStorage targets = new HostIntStorage(rows, new int[rows]);
        for (int r = 0; r < rows; r++) {
            HostIntStorage.array(targets)[r] = r * 5 % cols;
        }
        MatrixShape s = new MatrixShape(rows, cols);
        check("crossEntropy", 2e-6, (k, y) -> k.crossEntropy(s, x, targets, y[0], y[1]), rows, rows);
        check(
                "crossEntropyGradient",
                2e-6,
                (k, y) -> {
                    k.crossEntropy(s, x, targets, y[1], y[2]);
                    k.crossEntropyGradient(s, x, targets, y[2], dlosses, y[0]);
                },
                rows * cols,
                rows,
                rows);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3,7", "7,8", "31,64", "65,65", "8,255", TALL})
    void layerNormAndItsGradientAgree(int rows, int cols) {
        Storage x = random(rows * cols, 1);
        Storage gamma = random(cols, 2);
        Storage beta = random(cols, 3);
        Storage dy = random(rows * cols, 4);
        MatrixShape s = new MatrixShape(rows, cols);
        NormInput input = new NormInput(x, gamma, beta, 1e-2f);
        check("layerNorm", 5e-6, (k, y) -> k.layerNorm(s, input, y[0], y[1], y[2]), rows * cols, rows, rows);
        check(
                "layerNormGradient",
                2e-5,
                (k, y) -> {
                    k.layerNorm(s, input, y[0], y[1], y[2]);
                    k.layerNormGradient(s, input, y[1], y[2], dy, new NormGradients(y[0], y[3], y[4]));
                },
                rows * cols,
                rows,
                rows,
                cols,
                cols);
    }

    @ParameterizedTest
    @CsvSource({"1,1,7", "7,31,1", "33,65,4", "5,3,31", "128,5,16", "3,2,1025", "2,300,1", "40,1,9"})
    void batchNormAndItsGradientAgree(int outer, int channels, int inner) {
        BroadcastShape s = new BroadcastShape(outer, channels, inner);
        Storage x = random(s.size(), 1);
        for (int i = 0; i < s.size(); i++) {
            HostStorage.array(x)[i] += 3; // the mean has to be taken out first
        }
        Storage gamma = random(channels, 2);
        Storage beta = random(channels, 3);
        Storage dy = random(s.size(), 4);
        NormInput input = new NormInput(x, gamma, beta, 1e-2f);
        check(
                "batchNorm " + s,
                1e-5,
                (k, y) -> {
                    k.batchNorm(s, input, y[0], y[1], y[2]);
                    k.batchNormGradient(s, input, y[1], y[2], dy, new NormGradients(y[3], y[4], y[5]));
                },
                s.size(),
                channels,
                channels,
                s.size(),
                channels,
                channels);
        check(
                "batchNormRelu " + s,
                1e-5,
                (k, y) -> {
                    k.batchNormRelu(s, input, y[0], y[1], y[2]);
                    k.batchNormReluGradient(s, input, y[1], y[2], y[0], dy, new NormGradients(y[3], y[4], y[5]));
                },
                s.size(),
                channels,
                channels,
                s.size(),
                channels,
                channels);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3,7", "7,8", "31,64", "65,65", "8,255", TALL})
    void theFirstOfTheLargestIsFound(int rows, int cols) {
        float[] x = new float[rows * cols];
        for (int i = 0; i < x.length; i++) {
            x[i] = i * 7919 % 5 == 0 ? (i % 2 == 0 ? 0f : -0f) : -(float) (i * 31 % 3) - (i % 101 == 0 ? Float.NaN : 0);
        }
        HostIntStorage reference = new HostIntStorage(rows, new int[rows]);
        HostIntStorage got = new HostIntStorage(rows, new int[rows]);
        new ScalarKernels().argmax(rows, cols, new HostStorage(x.length, x), reference);
        new SimdKernels().argmax(rows, cols, new HostStorage(x.length, x), got);
        assertThat(HostIntStorage.array(got)).isEqualTo(HostIntStorage.array(reference));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3,7", "7,8", "31,64", "65,65", "8,255", TALL})
    void l2NormalizeAndItsGradientAgree(int rows, int cols) {
        Storage x = random(rows * cols, 1);
        Storage dy = random(rows * cols, 2);
        MatrixShape s = new MatrixShape(rows, cols);
        for (float epsilon : new float[] {1e-3f, 5f}) {
            check(
                    "l2NormalizeGradient",
                    5e-6,
                    (k, y) -> {
                        k.l2Normalize(s, epsilon, x, y[0], y[1]);
                        k.l2NormalizeGradient(s, epsilon, y[0], y[1], dy, y[2]);
                    },
                    rows * cols,
                    rows,
                    rows * cols);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "7,1,1", "1,7,1", "1,1,3000", "255,65,1", "1,31,65", "3,7,31", "65,3,2", "129,1,64", "1,255,3"
    })
    void reductionsAgree(int outer, int count, int inner) {
        BroadcastShape broadcast = new BroadcastShape(outer, count, inner);
        Storage x = random(broadcast.size(), 1);
        for (Reduction reduction : Reduction.values()) {
            check(reduction + " " + broadcast, 2e-5, (k, y) -> k.reduce(reduction, broadcast, x, y[0]), count);
        }
    }
}
