package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;
import static org.safeclip.tensor.cpu.SimdWorkspace.START;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.safeclip.tensor.backend.AttentionShape;

/**
 * Self-attention one head of one sequence at a time, so that scores never leave the first caches.
 *
 * <p>Scores are kept transposed, {@code [key, query]}, a block of queries at a time: each lane of a vector is one
 * query, so softmax needs no sum across lanes, and its logarithm is taken for a vector of queries at once. Products
 * whose result is as wide as a head read queries, keys and values in place; only operands that run along the queries
 * (q, and dy in the backward pass) are transposed first. Under a causal mask what lies in the future is skipped by
 * whole vectors or tiles.
 */
final class SimdAttention {
    private static final int ROWS = SimdHeadTile.ROWS;
    private static final int LINE = 16; // numbers of a line of the cache
    private static final int BLOCK = 64; // queries at a time, where there are many
    private static final int ONE_BLOCK = 96; // of so many there is one block
    private static final FloatVector LANE = FloatVector.zero(SPECIES).addIndex(1);
    private static final FloatVector LOWEST = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);

    private SimdAttention() {}

    /** Sizes of the workspace of a head: padded queries, those of a block, and where things start. */
    private record Layout(int tokens, int width, boolean causal, int queries, int block, int square) {
        static Layout of(AttentionShape s) {
            int queries = (s.tokens() + LANES - 1) / LANES * LANES;
            int block = queries <= ONE_BLOCK ? queries : Math.max(BLOCK, LANES);
            int keys = (s.tokens() + ROWS - 1) / ROWS * ROWS;
            return new Layout(s.tokens(), s.headWidth(), s.causal(), queries, block, keys * block);
        }

        /** Start of transposed matrix number {@code index}. */
        int turned(int index) {
            return START + index * width * queries;
        }

        /** Start of block of scores number {@code index} behind {@code before} transposed matrices. */
        int scores(int before, int index) {
            return turned(before) + index * square;
        }

        /** Keys that some query before {@code end} sees. */
        int seen(int end) {
            return causal ? Math.min(tokens, end) : tokens;
        }
    }

    /** Heads {@code from ... to} of all {@code B·H}. */
    static void forward(AttentionShape s, int from, int to, float[] qkv, float[] y, float[] logSums) {
        Layout layout = Layout.of(s);
        float[] work = SimdWorkspace.mine().rest(layout.scores(1, 1));
        Arrays.fill(work, 0, layout.turned(1), 0); // the padding stays zero
        int turned = layout.turned(0);
        int p = layout.scores(1, 0);
        int stride = 3 * s.width();
        float scale = (float) (1 / Math.sqrt(s.headWidth()));
        for (int head = from; head < to; head++) {
            int b = head / s.heads();
            int q = b * s.tokens() * stride + head % s.heads() * s.headWidth();
            int k = q + s.width();
            int v = k + s.width();
            int out = b * s.tokens() * s.width() + head % s.heads() * s.headWidth();
            if (head == from || head % s.heads() == 0) {
                int bits = touch(qkv, b * s.tokens() * stride, s.tokens() * stride);
                work[0] = bits ^ touch(y, b * s.tokens() * s.width(), s.tokens() * s.width());
            }
            SimdHeadTile.transpose(layout.tokens, layout.width, scale, qkv, q, stride, work, turned, layout.queries);
            for (int i0 = 0; i0 < layout.tokens; i0 += layout.block) {
                int wide = Math.min(layout.block, layout.queries - i0);
                score(layout, i0, wide, qkv, k, stride, work, turned, p);
                for (int i = 0; i < wide; i += LANES) {
                    softmax(layout, i0 + i, wide, work, p + i, logSums, head * layout.tokens + i0 + i);
                }
                mix(layout, i0, wide, work, p, qkv, v, stride, y, out, s.width());
            }
        }
    }

    /** Heads {@code from ... to}: p again from the kept sums, then the five products of the backward pass. */
    static void backward(AttentionShape s, int from, int to, float[] qkv, float[] logSums, float[] dy, float[] dqkv) {
        Layout layout = Layout.of(s);
        float[] work = SimdWorkspace.mine().rest(layout.scores(2, 2));
        Arrays.fill(work, 0, layout.turned(2), 0);
        int p = layout.scores(2, 0);
        int dp = layout.scores(2, 1);
        int stride = 3 * s.width();
        float scale = (float) (1 / Math.sqrt(s.headWidth()));
        for (int head = from; head < to; head++) {
            int b = head / s.heads();
            int q = b * s.tokens() * stride + head % s.heads() * s.headWidth();
            int k = q + s.width();
            int v = k + s.width();
            int out = b * s.tokens() * s.width() + head % s.heads() * s.headWidth();
            if (head == from || head % s.heads() == 0) {
                int bits = touch(qkv, b * s.tokens() * stride, s.tokens() * stride);
                bits ^= touch(dqkv, b * s.tokens() * stride, s.tokens() * stride);
                work[0] = bits ^ touch(dy, b * s.tokens() * s.width(), s.tokens() * s.width());
            }
            SimdHeadTile.transpose(
                    layout.tokens, layout.width, scale, qkv, q, stride, work, layout.turned(0), layout.queries);
            SimdHeadTile.transpose(
                    layout.tokens, layout.width, 1, dy, out, s.width(), work, layout.turned(1), layout.queries);
            for (int i0 = 0; i0 < layout.tokens; i0 += layout.block) {
                int wide = Math.min(layout.block, layout.queries - i0);
                score(layout, i0, wide, qkv, k, stride, work, layout.turned(0), p);
                score(layout, i0, wide, qkv, v, stride, work, layout.turned(1), dp);
                for (int i = 0; i < wide; i += LANES) {
                    slopes(layout, i0 + i, wide, scale, work, p + i, dp + i, logSums, head * layout.tokens + i0 + i);
                }
                mix(layout, i0, wide, work, dp, qkv, k, stride, dqkv, q, stride);
                gather(layout, i0, wide, work, dp, qkv, q, stride, dqkv, k, stride);
                gather(layout, i0, wide, work, p, dy, out, s.width(), dqkv, v, stride);
            }
        }
    }

    /**
     * Reads a number of every line of a sequence in the order in which they lie, which brings them to the second-level
     * cache at the speed of memory; one head at a time jumps between them, and would wait for each.
     */
    private static int touch(float[] x, int from, int length) {
        int bits = 0; // the caller must keep them somewhere, or nothing would be read
        for (int i = from; i < from + length; i += LINE) {
            bits ^= Float.floatToRawIntBits(x[i]);
        }
        return bits;
    }

    /** s[j, i] = Σ_d x[j, d]·turned[d, i] for the keys j seen by {@code wide} queries i from {@code i0} on. */
    private static void score(
            Layout layout, int i0, int wide, float[] x, int x0, int stride, float[] work, int turned, int s0) {
        int seen = layout.seen(i0 + wide);
        int last = x0 + (layout.tokens - 1) * stride;
        for (int j = 0; j < seen; j += ROWS) {
            int r0 = x0 + j * stride;
            int r1 = Math.min(r0 + stride, last);
            int r2 = Math.min(r0 + 2 * stride, last);
            int r3 = Math.min(r0 + 3 * stride, last);
            int i = layout.causal ? Math.max(0, (j - i0) / LANES * LANES) : 0;
            int from = turned + i0 + i;
            int to = s0 + j * wide + i;
            for (; i <= wide - 2 * LANES; i += 2 * LANES) {
                SimdHeadTile.two(layout.width, x, r0, r1, r2, r3, work, from, layout.queries, to, wide);
                from += 2 * LANES;
                to += 2 * LANES;
            }
            if (i < wide) {
                SimdHeadTile.one(layout.width, x, r0, r1, r2, r3, work, from, layout.queries, to, wide);
            }
        }
    }

    /** Softmax over the keys for the queries from {@code query} on, one a lane; ln of the sums to logSums. */
    private static void softmax(Layout layout, int query, int stride, float[] s, int s0, float[] logSums, int l0) {
        int seen = layout.seen(query + LANES);
        int masked = layout.causal ? Math.min(seen, query) : seen; // keys from here on are hidden from some lane
        FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int j = 0; j < masked; j++) {
            max = max.max(FloatVector.fromArray(SPECIES, s, s0 + j * stride));
        }
        for (int j = masked; j < seen; j++) {
            FloatVector visible = visible(FloatVector.fromArray(SPECIES, s, s0 + j * stride), j - query);
            visible.intoArray(s, s0 + j * stride);
            max = max.max(visible);
        }
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int j = 0; j < seen; j++) {
            FloatVector e = SimdMath.expNegative(
                    FloatVector.fromArray(SPECIES, s, s0 + j * stride).sub(max));
            sums = sums.add(e);
            e.intoArray(s, s0 + j * stride);
        }
        FloatVector inverse = FloatVector.broadcast(SPECIES, 1f).div(sums);
        for (int j = 0; j < seen; j++) {
            FloatVector.fromArray(SPECIES, s, s0 + j * stride).mul(inverse).intoArray(s, s0 + j * stride);
        }
        FloatVector logs = max.add(SimdMath.logNormal(sums));
        if (query + LANES <= layout.tokens) {
            logs.intoArray(logSums, l0);
        } else {
            logs.intoArray(logSums, l0, SPECIES.indexInRange(query, layout.tokens));
        }
    }

    /** Scores of one key, and −∞ for the lanes, that is queries, before {@code first}. */
    private static FloatVector visible(FloatVector s, int first) {
        return LOWEST.blend(s, LANE.compare(VectorOperators.GE, (float) first));
    }

    /**
     * p ← e^(score − logSum), dp ← scale·p·(dp − Σ_key p·dp), for the queries from {@code query} on, one a lane. p is
     * divided by its sum: a large logSum is rounded so coarsely that it would not be 1, nor a row of dp sum to zero.
     */
    private static void slopes(
            Layout layout, int query, int stride, float scale, float[] s, int p0, int dp0, float[] logSums, int l0) {
        int seen = layout.seen(query + LANES);
        int masked = layout.causal ? Math.min(seen, query) : seen;
        VectorMask<Float> lanes = SPECIES.indexInRange(query, layout.tokens);
        FloatVector logs = FloatVector.fromArray(SPECIES, logSums, l0, lanes);
        FloatVector sums = FloatVector.zero(SPECIES);
        FloatVector dots = sums;
        for (int j = 0; j < masked; j++) {
            FloatVector p = SimdMath.expNegative(
                    FloatVector.fromArray(SPECIES, s, p0 + j * stride).sub(logs));
            p.intoArray(s, p0 + j * stride);
            sums = sums.add(p);
            dots = p.fma(FloatVector.fromArray(SPECIES, s, dp0 + j * stride), dots);
        }
        for (int j = masked; j < seen; j++) {
            FloatVector p = SimdMath.expNegative(visible(FloatVector.fromArray(SPECIES, s, p0 + j * stride), j - query)
                    .sub(logs));
            p.intoArray(s, p0 + j * stride);
            sums = sums.add(p);
            dots = p.fma(FloatVector.fromArray(SPECIES, s, dp0 + j * stride), dots);
        }
        FloatVector inverse = FloatVector.broadcast(SPECIES, 1f).div(sums);
        FloatVector mean = dots.mul(inverse);
        for (int j = 0; j < seen; j++) {
            FloatVector p = FloatVector.fromArray(SPECIES, s, p0 + j * stride).mul(inverse);
            p.intoArray(s, p0 + j * stride);
            FloatVector dp = FloatVector.fromArray(SPECIES, s, dp0 + j * stride);
            dp.sub(mean).mul(p.mul(scale)).intoArray(s, dp0 + j * stride);
        }
    }

    /** out[i, d] = Σ_j s[j, i]·x[j, d]: for each query of the block a mixture of rows of x. */
    private static void mix(
            Layout layout,
            int i0,
            int wide,
            float[] s,
            int s0,
            float[] x,
            int x0,
            int stride,
            float[] out,
            int out0,
            int outStride) {
        int end = Math.min(layout.tokens, i0 + wide);
        for (int i = i0; i < end; i += ROWS) {
            int depth = layout.seen(i + ROWS);
            SimdHeadTile.rows(
                    Math.min(ROWS, end - i),
                    layout.width,
                    depth,
                    s,
                    s0 + i - i0,
                    1,
                    wide,
                    x,
                    x0,
                    stride,
                    false,
                    out,
                    out0 + i * outStride,
                    outStride);
        }
    }

    /** out[j, d] = Σ_i s[j, i]·x[i, d]: what each key gets from the queries of the block, added to earlier blocks'. */
    private static void gather(
            Layout layout,
            int i0,
            int wide,
            float[] s,
            int s0,
            float[] x,
            int x0,
            int stride,
            float[] out,
            int out0,
            int outStride) {
        int end = Math.min(layout.tokens, i0 + wide);
        int seen = layout.seen(i0 + wide);
        for (int j = 0; j < seen; j += ROWS) {
            int first = layout.causal ? Math.max(i0, j) : i0; // earlier queries do not see these keys
            boolean more = layout.causal ? j < i0 : i0 > 0;
            SimdHeadTile.rows(
                    Math.min(ROWS, layout.tokens - j),
                    layout.width,
                    end - first,
                    s,
                    s0 + j * wide + first - i0,
                    wide,
                    1,
                    x,
                    x0 + first * stride,
                    stride,
                    more,
                    out,
                    out0 + j * outStride,
                    outStride);
        }
    }
}
