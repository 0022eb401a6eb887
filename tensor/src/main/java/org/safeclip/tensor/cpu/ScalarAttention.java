package org.safeclip.tensor.cpu;

import java.util.Arrays;
import org.safeclip.tensor.backend.AttentionShape;

/** Self-attention as plain loops: one sequence, one head, one query at a time. */
final class ScalarAttention {
    private ScalarAttention() {}

    /** Where the query (part 0), key (1) or value (2) of token t, head h of sequence b begins in qkv. */
    private static int at(AttentionShape s, int b, int t, int part, int h) {
        return (((b * s.tokens() + t) * 3 + part) * s.heads() + h) * s.headWidth();
    }

    private static double score(AttentionShape s, float[] qkv, int b, int h, int query, int key) {
        double dot = ScalarMath.dot(qkv, at(s, b, query, 0, h), qkv, at(s, b, key, 1, h), s.headWidth());
        return dot / Math.sqrt(s.headWidth());
    }

    static void forward(AttentionShape s, float[] qkv, float[] y, float[] logSums) {
        float[] scores = new float[s.tokens()];
        for (int b = 0; b < s.batch(); b++) {
            for (int h = 0; h < s.heads(); h++) {
                for (int query = 0; query < s.tokens(); query++) {
                    int seen = s.causal() ? query + 1 : s.tokens();
                    for (int key = 0; key < seen; key++) {
                        scores[key] = (float) score(s, qkv, b, h, query, key);
                    }
                    double logSum = ScalarMath.logSumExp(scores, 0, seen);
                    logSums[(b * s.heads() + h) * s.tokens() + query] = (float) logSum;
                    for (int d = 0; d < s.headWidth(); d++) {
                        double sum = 0;
                        for (int key = 0; key < seen; key++) {
                            sum += Math.exp(scores[key] - logSum) * qkv[at(s, b, key, 2, h) + d];
                        }
                        y[((b * s.tokens() + query) * s.heads() + h) * s.headWidth() + d] = (float) sum;
                    }
                }
            }
        }
    }

    /**
     * With p the softmax of the scores: dv = pᵀ·dy, dp = dy·vᵀ, dscore = p·(dp − Σ p·dp), dq = dscore·k, dk =
     * dscoreᵀ·q. p is divided by its sum, since a large logSum is rounded coarsely.
     */
    static void backward(AttentionShape s, float[] qkv, float[] logSums, float[] dy, float[] dqkv) {
        Arrays.fill(dqkv, 0, s.batch() * s.tokens() * 3 * s.width(), 0);
        double[] p = new double[s.tokens()];
        double[] dp = new double[s.tokens()];
        for (int b = 0; b < s.batch(); b++) {
            for (int h = 0; h < s.heads(); h++) {
                for (int query = 0; query < s.tokens(); query++) {
                    int seen = s.causal() ? query + 1 : s.tokens();
                    int out = ((b * s.tokens() + query) * s.heads() + h) * s.headWidth();
                    float logSum = logSums[(b * s.heads() + h) * s.tokens() + query];
                    double sum = 0;
                    for (int key = 0; key < seen; key++) {
                        p[key] = Math.exp(score(s, qkv, b, h, query, key) - logSum);
                        sum += p[key];
                    }
                    double mean = 0;
                    for (int key = 0; key < seen; key++) {
                        p[key] /= sum;
                        dp[key] = ScalarMath.dot(dy, out, qkv, at(s, b, key, 2, h), s.headWidth());
                        mean += p[key] * dp[key];
                    }
                    int q = at(s, b, query, 0, h);
                    for (int key = 0; key < seen; key++) {
                        double dscore = p[key] * (dp[key] - mean) / Math.sqrt(s.headWidth());
                        int k = at(s, b, key, 1, h);
                        int v = at(s, b, key, 2, h);
                        for (int d = 0; d < s.headWidth(); d++) {
                            dqkv[q + d] += (float) (dscore * qkv[k + d]);
                            dqkv[k + d] += (float) (dscore * qkv[q + d]);
                            dqkv[v + d] += (float) (p[key] * dy[out + d]);
                        }
                    }
                }
            }
        }
    }
}
