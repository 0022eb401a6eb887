package org.safeclip.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.safeclip.tensor.cpu.SimdAgainstScalar.check;
import static org.safeclip.tensor.cpu.SimdAgainstScalar.random;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.tensor.backend.AttentionShape;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Storage;

class SimdAttentionTest {
    @ParameterizedTest
    @CsvSource({
        "1,1,1,1",
        "2,3,2,7",
        "3,12,4,24",
        "2,17,4,32",
        "1,31,3,8",
        "1,64,2,33",
        "2,65,1,64",
        "1,130,1,5",
        "1,197,2,40",
        "1,256,1,16"
    })
    void attentionAndItsGradientAgree(int batch, int tokens, int heads, int headWidth) {
        for (boolean causal : new boolean[] {false, true}) {
            AttentionShape s = new AttentionShape(batch, tokens, heads, headWidth, causal);
            int size = batch * tokens * s.width();
            Storage qkv = random(3 * size, 1);
            Storage dy = random(size, 2);
            check(
                    s.toString(),
                    1e-5,
                    (k, y) -> {
                        k.attention(s, qkv, y[0], y[1]);
                        k.attentionGradient(s, qkv, y[0], y[1], dy, y[2]);
                    },
                    size,
                    batch * heads * tokens,
                    3 * size);
        }
    }

    /** Scores of some tens: ln of their sums is rounded to 4e-6, which the gradient must not show. */
    @ParameterizedTest
    @CsvSource({"2,17,4,32", "1,130,1,5", "1,197,2,40"})
    void theGradientIsAsExactWhereScoresArePeaked(int batch, int tokens, int heads, int headWidth) {
        for (boolean causal : new boolean[] {false, true}) {
            AttentionShape s = new AttentionShape(batch, tokens, heads, headWidth, causal);
            int size = batch * tokens * s.width();
            Storage qkv = random(3 * size, 1);
            Storage dy = random(size, 2);
            float[] x = HostStorage.array(qkv);
            for (int i = 0; i < 3 * size; i++) {
                x[i] *= i / s.width() % 3 < 2 ? 4 : 1; // queries and keys
            }
            double[] exact = gradient(s, x, HostStorage.array(dy));
            double largest = 0;
            for (double slope : exact) {
                largest = Math.max(largest, Math.abs(slope));
            }
            for (Kernels kernels : List.of(new ScalarKernels(), new SimdKernels())) {
                Storage y = new HostStorage(size, new float[size]);
                Storage sums = new HostStorage(batch * heads * tokens, new float[batch * heads * tokens]);
                float[] got = new float[3 * size];
                kernels.attention(s, qkv, y, sums);
                kernels.attentionGradient(s, qkv, y, sums, dy, new HostStorage(3 * size, got));
                double error = 0;
                for (int i = 0; i < got.length; i++) {
                    error = Math.max(error, Math.abs(got[i] - exact[i]));
                }
                assertThat(error / largest)
                        .as("%s of %s", s, kernels.getClass().getSimpleName())
                        .isLessThan(5e-6);
            }
        }
    }

    /** The gradient in double precision from the definition. */
    private static double[] gradient(AttentionShape s, float[] x, float[] dy) {
        double[] dx = new double[s.batch() * s.tokens() * 3 * s.width()];
        double scale = 1 / Math.sqrt(s.headWidth());
        for (int row = 0; row < s.batch() * s.heads() * s.tokens(); row++) {
            int query = row % s.tokens();
            int head = row / s.tokens() % s.heads();
            int first = row / s.tokens() / s.heads() * s.tokens(); // row of the sequence's first token
            int seen = s.causal() ? query + 1 : s.tokens();
            int q = (first + query) * 3 * s.width() + head * s.headWidth();
            int out = (first + query) * s.width() + head * s.headWidth();
            double[] p = new double[seen];
            double[] dp = new double[seen];
            double sum = 0;
            double mean = 0;
            for (int key = 0; key < seen; key++) {
                int k = (first + key) * 3 * s.width() + s.width() + head * s.headWidth();
                p[key] = Math.exp(scale * ScalarMath.dot(x, q, x, k, s.headWidth()));
                dp[key] = ScalarMath.dot(dy, out, x, k + s.width(), s.headWidth());
                sum += p[key];
                mean += p[key] * dp[key];
            }
            for (int key = 0; key < seen; key++) {
                int k = (first + key) * 3 * s.width() + s.width() + head * s.headWidth();
                double share = p[key] / sum;
                double slope = scale * share * (dp[key] - mean / sum);
                for (int d = 0; d < s.headWidth(); d++) {
                    dx[q + d] += slope * x[k + d];
                    dx[k + d] += slope * x[q + d];
                    dx[k + s.width() + d] += share * dy[out + d];
                }
            }
        }
        return dx;
    }
}
