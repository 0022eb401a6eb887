package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;
import static org.safeclip.tensor.cpu.SimdTile.COLS;
import static org.safeclip.tensor.cpu.SimdTile.ROWS;
import static org.safeclip.tensor.cpu.SimdWorkspace.START;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.safeclip.tensor.backend.AttentionShape;

/**
 * Self-attention one head of one sequence at a time, so that scores never leave the first-level cache; the products run
 * through {@link SimdTile}. Under a causal mask tiles in the future are skipped and sums over tokens end at the present.
 */
final class SimdAttention {
    private SimdAttention() {}

    /** Places of one head's numbers in the workspace, all full tiles. */
    private record Room(int tokens, int width, int keys, int panel, int square) {
        static Room of(AttentionShape s) {
            int keys = (s.tokens() + COLS - 1) / COLS * COLS;
            int high = (s.tokens() + ROWS - 1) / ROWS * ROWS;
            int wide = (s.headWidth() + COLS - 1) / COLS * COLS;
            int panel = Math.max(keys * s.headWidth(), s.tokens() * wide);
            return new Room(s.tokens(), s.headWidth(), keys, panel, high * keys);
        }

        /** Start of packed panels number {@code index}. */
        int panels(int index) {
            return START + index * panel;
        }

        /** Start of square matrix number {@code index} behind {@code before} panels. */
        int matrix(int before, int index) {
            return START + before * panel + index * square;
        }
    }

    /** Heads {@code from ... to} of all {@code B·H}. */
    static void forward(AttentionShape s, int from, int to, float[] qkv, float[] y, float[] logSums) {
        Room room = Room.of(s);
        SimdWorkspace mine = SimdWorkspace.mine();
        float[] work = mine.rest(room.matrix(2, 1));
        Arrays.fill(work, 0, room.matrix(2, 0), 0);
        int keys = room.panels(0);
        int values = room.panels(1);
        int scores = room.matrix(2, 0);
        int stride = 3 * s.width();
        float scale = (float) (1 / Math.sqrt(s.headWidth()));
        for (int head = from; head < to; head++) {
            int b = head / s.heads();
            int q = b * s.tokens() * stride + head % s.heads() * s.headWidth();
            int out = b * s.tokens() * s.width() + head % s.heads() * s.headWidth();
            packTransposed(room, qkv, q + s.width(), stride, scale, work, keys);
            packRows(room, qkv, q + 2 * s.width(), stride, 1, work, values);
            score(room, s.causal(), qkv, q, stride, work, keys, work, scores);
            softmax(room, s.causal(), work, scores, logSums, head * s.tokens());
            weigh(room, s.causal(), work, scores, work, values, mine.tile, y, out, s.width());
        }
    }

    /** Heads {@code from ... to}: p again from the kept sums, then the five products of the pull-back. */
    static void backward(
            AttentionShape s, int from, int to, float[] qkv, float[] y, float[] logSums, float[] dy, float[] dqkv) {
        Room room = Room.of(s);
        SimdWorkspace mine = SimdWorkspace.mine();
        float[] work = mine.rest(room.matrix(5, 2));
        Arrays.fill(work, 0, room.matrix(5, 0), 0);
        float[] turned = mine.left(START + room.square);
        int p = room.matrix(5, 0);
        int dp = room.matrix(5, 1);
        int stride = 3 * s.width();
        float scale = (float) (1 / Math.sqrt(s.headWidth()));
        for (int head = from; head < to; head++) {
            int b = head / s.heads();
            int q = b * s.tokens() * stride + head % s.heads() * s.headWidth();
            int k = q + s.width();
            int v = k + s.width();
            int out = b * s.tokens() * s.width() + head % s.heads() * s.headWidth();
            packTransposed(room, qkv, k, stride, scale, work, room.panels(0));
            packTransposed(room, qkv, v, stride, 1, work, room.panels(1));
            packRows(room, qkv, q, stride, scale, work, room.panels(2));
            packRows(room, qkv, k, stride, scale, work, room.panels(3));
            packRows(room, dy, out, s.width(), 1, work, room.panels(4));
            score(room, s.causal(), qkv, q, stride, work, room.panels(0), work, p);
            score(room, s.causal(), dy, out, s.width(), work, room.panels(1), work, dp);
            slopes(room, s.causal(), work, p, dp, y, dy, out, s.width(), logSums, head * s.tokens());
            weigh(room, s.causal(), work, dp, work, room.panels(3), mine.tile, dqkv, q, stride);
            turn(room, work, dp, turned);
            gather(room, s.causal(), turned, work, room.panels(2), mine.tile, dqkv, k, stride);
            turn(room, work, p, turned);
            gather(room, s.causal(), turned, work, room.panels(4), mine.tile, dqkv, v, stride);
        }
    }

    /** Panels {@code [width, COLS]} of the transposed rows, times scale; columns beyond the last token stay zero. */
    private static void packTransposed(Room room, float[] x, int x0, int stride, float scale, float[] work, int to) {
        int j = 0;
        for (; j + 4 <= room.tokens; j += 4) {
            int at = to + j / COLS * COLS * room.width + j % COLS;
            fourColumns(room.width, x, x0 + j * stride, stride, scale, work, at);
        }
        for (; j < room.tokens; j++) {
            int at = to + j / COLS * COLS * room.width + j % COLS;
            for (int d = 0; d < room.width; d++) {
                work[at + d * COLS] = x[x0 + j * stride + d] * scale;
            }
        }
    }

    private static void fourColumns(int n, float[] x, int x0, int stride, float scale, float[] work, int at) {
        for (int d = 0; d < n; d++) {
            work[at + d * COLS] = x[x0 + d] * scale;
            work[at + d * COLS + 1] = x[x0 + stride + d] * scale;
            work[at + d * COLS + 2] = x[x0 + 2 * stride + d] * scale;
            work[at + d * COLS + 3] = x[x0 + 3 * stride + d] * scale;
        }
    }

    /** Panels {@code [tokens, COLS]} of the rows, times scale; zero beyond the last column. */
    private static void packRows(Room room, float[] x, int x0, int stride, float scale, float[] work, int to) {
        for (int first = 0; first < room.width; first += COLS) {
            VectorMask<Float> left = SPECIES.indexInRange(first, room.width);
            VectorMask<Float> right = SPECIES.indexInRange(first + LANES, room.width);
            for (int t = 0; t < room.tokens; t++) {
                int at = to + first * room.tokens + t * COLS;
                int row = x0 + t * stride + first;
                FloatVector.fromArray(SPECIES, x, row, left).mul(scale).intoArray(work, at);
                FloatVector.fromArray(SPECIES, x, row + LANES, right).mul(scale).intoArray(work, at + LANES);
            }
        }
    }

    /** out = x·panels for rows of x in place: {@code [tokens, keys]}. */
    private static void score(
            Room room, boolean causal, float[] x, int x0, int stride, float[] panels, int p0, float[] out, int out0) {
        for (int i = 0; i < room.tokens; i += ROWS) {
            int last = x0 + (room.tokens - 1) * stride;
            int r0 = x0 + i * stride;
            int r1 = Math.min(r0 + stride, last);
            int r2 = Math.min(r0 + 2 * stride, last);
            int r3 = Math.min(r0 + 3 * stride, last);
            int end = causal ? Math.min(room.keys, i + ROWS) : room.keys;
            for (int j = 0; j < end; j += COLS) {
                int b = p0 + j * room.width;
                int c = out0 + i * room.keys + j;
                SimdTile.rows(
                        room.width, x, r0, r1, r2, r3, panels, b, SimdTile.NOTHING, 0, 0, out, c, room.keys, ROWS);
            }
        }
    }

    /** Softmax of the rows in place, zero beyond what a token may see; ln of the sums to logSums. */
    private static void softmax(Room room, boolean causal, float[] s, int s0, float[] logSums, int l0) {
        FloatVector lowest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int t = 0; t < room.tokens; t++) {
            int row = s0 + t * room.keys;
            int seen = causal ? t + 1 : room.tokens;
            int full = SPECIES.loopBound(seen);
            VectorMask<Float> rest = SPECIES.indexInRange(full, seen);
            FloatVector most = lowest;
            for (int j = 0; j < full; j += LANES) {
                most = most.max(FloatVector.fromArray(SPECIES, s, row + j));
            }
            if (full < seen) {
                most = most.max(lowest.blend(FloatVector.fromArray(SPECIES, s, row + full), rest));
            }
            float max = most.reduceLanes(VectorOperators.MAX);
            FloatVector sums = FloatVector.zero(SPECIES);
            for (int j = 0; j < full; j += LANES) {
                FloatVector e =
                        SimdMath.exp(FloatVector.fromArray(SPECIES, s, row + j).sub(max));
                sums = sums.add(e);
                e.intoArray(s, row + j);
            }
            if (full < seen) {
                FloatVector e = SimdMath.exp(
                        FloatVector.fromArray(SPECIES, s, row + full).sub(max));
                e = FloatVector.zero(SPECIES).blend(e, rest);
                sums = sums.add(e);
                e.intoArray(s, row + full);
            }
            float sum = SimdMath.sum(sums);
            float inverse = 1 / sum;
            for (int j = 0; j < seen; j += LANES) {
                FloatVector.fromArray(SPECIES, s, row + j).mul(inverse).intoArray(s, row + j);
            }
            logSums[l0 + t] = (float) (max + Math.log(sum));
        }
    }

    /** p ← e^(score − logSum), dp ← p·(dp − Σ dy·y), both zero beyond what a token may see. */
    private static void slopes(
            Room room,
            boolean causal,
            float[] work,
            int p0,
            int dp0,
            float[] y,
            float[] dy,
            int out,
            int stride,
            float[] logSums,
            int l0) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int t = 0; t < room.tokens; t++) {
            int seen = causal ? t + 1 : room.tokens;
            float dot = dot(room.width, y, dy, out + t * stride);
            float logSum = logSums[l0 + t];
            for (int j = 0; j < seen; j += LANES) {
                int at = t * room.keys + j;
                FloatVector p = SimdMath.exp(
                        FloatVector.fromArray(SPECIES, work, p0 + at).sub(logSum));
                FloatVector dp =
                        FloatVector.fromArray(SPECIES, work, dp0 + at).sub(dot).mul(p);
                if (j > seen - LANES) {
                    VectorMask<Float> rest = SPECIES.indexInRange(j, seen);
                    p = zero.blend(p, rest);
                    dp = zero.blend(dp, rest);
                }
                p.intoArray(work, p0 + at);
                dp.intoArray(work, dp0 + at);
            }
        }
    }

    private static float dot(int n, float[] x, float[] y, int from) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int d = 0;
        for (; d <= n - LANES; d += LANES) {
            sums = FloatVector.fromArray(SPECIES, x, from + d).fma(FloatVector.fromArray(SPECIES, y, from + d), sums);
        }
        if (d < n) {
            VectorMask<Float> rest = SPECIES.indexInRange(d, n);
            sums = FloatVector.fromArray(SPECIES, x, from + d, rest)
                    .fma(FloatVector.fromArray(SPECIES, y, from + d, rest), sums);
        }
        return SimdMath.sum(sums);
    }

    /** out = p·panels: {@code [tokens, width]}, a sum over keys. */
    private static void weigh(
            Room room,
            boolean causal,
            float[] p,
            int p0,
            float[] panels,
            int b0,
            float[] tile,
            float[] out,
            int out0,
            int stride) {
        for (int i = 0; i < room.tokens; i += ROWS) {
            int rows = Math.min(ROWS, room.tokens - i);
            int depth = causal ? Math.min(room.tokens, i + ROWS) : room.tokens;
            int r = p0 + i * room.keys;
            for (int first = 0; first < room.width; first += COLS) {
                boolean whole = first + COLS <= room.width;
                int to = out0 + i * stride + first;
                SimdTile.rows(
                        depth,
                        p,
                        r,
                        r + room.keys,
                        r + 2 * room.keys,
                        r + 3 * room.keys,
                        panels,
                        b0 + first * room.tokens,
                        SimdTile.NOTHING,
                        0,
                        0,
                        whole ? out : tile,
                        whole ? to : 0,
                        whole ? stride : COLS,
                        rows);
                if (!whole) {
                    copyTile(rows, room.width - first, tile, out, to, stride);
                }
            }
        }
    }

    private static void copyTile(int rows, int cols, float[] tile, float[] out, int to, int stride) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(tile, r * COLS, out, to + r * stride, cols);
        }
    }

    /** Packs the columns of a square matrix into panels {@code [tokens, ROWS]}, the left operand of {@link #gather}. */
    private static void turn(Room room, float[] x, int x0, float[] turned) {
        for (int i = 0; i < room.tokens; i += ROWS) {
            int to = START + i * room.tokens;
            for (int t = 0; t < room.tokens; t++) {
                int from = x0 + t * room.keys + i;
                turned[to + t * ROWS] = x[from];
                turned[to + t * ROWS + 1] = x[from + 1];
                turned[to + t * ROWS + 2] = x[from + 2];
                turned[to + t * ROWS + 3] = x[from + 3];
            }
        }
    }

    /** out = pᵀ·panels: {@code [tokens, width]}, a sum over queries. */
    private static void gather(
            Room room,
            boolean causal,
            float[] turned,
            float[] panels,
            int b0,
            float[] tile,
            float[] out,
            int out0,
            int stride) {
        for (int i = 0; i < room.tokens; i += ROWS) {
            int rows = Math.min(ROWS, room.tokens - i);
            int skip = causal ? i : 0; // earlier queries do not see these keys
            for (int first = 0; first < room.width; first += COLS) {
                boolean whole = first + COLS <= room.width;
                int to = out0 + i * stride + first;
                SimdTile.packed(
                        room.tokens - skip,
                        turned,
                        START + i * room.tokens + skip * ROWS,
                        panels,
                        b0 + first * room.tokens + skip * COLS,
                        SimdTile.NOTHING,
                        0,
                        0,
                        whole ? out : tile,
                        whole ? to : 0,
                        whole ? stride : COLS,
                        rows);
                if (!whole) {
                    copyTile(rows, room.width - first, tile, out, to, stride);
                }
            }
        }
    }
}
