// Self-attention over qkv [B, T, 3, H, HEAD] and its gradient for CPU drivers: no barrier, no local memory; every block
// that is used twice lies in private memory, small enough for the first or second cache.
//
// Queries lie in the lanes: QB = WIDTH QV of them are transposed once, [HEAD][QB], and keys and values pass by in place,
// number by number broadcast. So maximum, sum, mask and exponential of the softmax go lane by lane, without a sum across a
// vector. Keys come in blocks of KB, with a running maximum and sum: T is free, and scores never leave the cache.
//
// Forward: a work-item for each block of queries. Gradient: one for each head, so that it alone adds to its dk and dv, in
// ascending order of queries. HEAD, the width of a head, is compiled in: loops over it unroll.

#ifndef HEAD
#define HEAD 32
#endif
#ifndef WIDTH
#define WIDTH 8 // floats of a vector register
#endif
#ifndef QV
#define QV 2 // vectors in a block of queries
#endif
#ifndef KB
#define KB 32 // keys of a block
#endif

#define QB (WIDTH * QV)
#define JR 6 // keys whose scores are summed at once
#define WR (WIDTH > 8 ? 8 : 4) // numbers of a head whose sums over keys are formed at once
#define WIDE ((HEAD + WIDTH - 1) / WIDTH * WIDTH) // HEAD in whole vectors
#define WV (WIDE / WIDTH)

typedef GLUE(float, WIDTH) wide;
typedef GLUE(int, WIDTH) wide_int;
typedef wide loose __attribute__((aligned(4))); // a vector at any float
#define LOAD(p) (*(const global loose *)(p))
#define STORE(x, p) (*(global loose *)(p) = (x))
#define NEAR(p) (*(loose *)(p)) // the same in private memory

#if defined(FP_FAST_FMAF) || defined(__FMA__) || defined(__ARM_FEATURE_FMA)
#define FMA fma
#else
#define FMA mad
#endif
#define TEMPLATE static inline __attribute__((always_inline))

// e^x for x <= 0, relative error 2e-7: 2^n by the exponent's bits, e^r by its series, |r| <= ln(2) / 2.
TEMPLATE wide decay(wide x) {
    wide shifted = FMA(max(x, (wide)(-87.0f)), (wide)(1.44269504f), (wide)(12582912.0f)); // n in the last bits
    wide n = shifted - (wide)(12582912.0f);
    wide r = FMA(n, (wide)(-0.693359375f), max(x, (wide)(-87.0f)));
    r = FMA(n, (wide)(2.12194440e-4f), r);
    wide p = (wide)(1.0f / 720);
    p = FMA(p, r, (wide)(1.0f / 120));
    p = FMA(p, r, (wide)(1.0f / 24));
    p = FMA(p, r, (wide)(1.0f / 6));
    p = FMA(p, r, (wide)(0.5f));
    p = FMA(p, r, (wide)(1.0f));
    p = FMA(p, r, (wide)(1.0f));
    wide y = GLUE(as_float, WIDTH)(GLUE(as_int, WIDTH)(p) + (GLUE(as_int, WIDTH)(shifted) << 23));
    return x < (wide)(-87.0f) ? (wide)(0.0f) : y;
}

// out[c][r] = in[r][c] for WIDTH x WIDTH numbers: a step takes the even lanes of rows 2i and 2i + 1 as row i, the odd ones
// as row i + WIDTH / 2; log2(WIDTH) such steps are the transposition.
TEMPLATE void transpose(const float *in, int inStep, float *out, int outStep) {
    wide rows[WIDTH];
#pragma unroll
    for (int j = 0; j < WIDTH; j++) {
        rows[j] = NEAR(in + j * inStep);
    }
#pragma unroll
    for (int step = 1; step < WIDTH; step *= 2) {
        wide next[WIDTH];
#pragma unroll
        for (int j = 0; j < WIDTH / 2; j++) {
            next[j] = (wide)(rows[2 * j].even, rows[2 * j + 1].even);
            next[j + WIDTH / 2] = (wide)(rows[2 * j].odd, rows[2 * j + 1].odd);
        }
#pragma unroll
        for (int j = 0; j < WIDTH; j++) {
            rows[j] = next[j];
        }
    }
#pragma unroll
    for (int j = 0; j < WIDTH; j++) {
        NEAR(out + j * outStep) = rows[j];
    }
}

// QB rows of a head into block [QB][WIDE], zeros beyond HEAD; beyond the last row, the last again.
TEMPLATE void take(const global float *x, int step, int rows, float *block) {
    for (int r = 0; r < QB; r++) {
        const global float *in = x + (size_t)min(r, rows - 1) * step;
#pragma unroll
        for (int v = 0; v < HEAD / WIDTH; v++) {
            NEAR(block + r * WIDE + v * WIDTH) = LOAD(in + v * WIDTH);
        }
        for (int w = HEAD / WIDTH * WIDTH; w < WIDE; w++) {
            block[r * WIDE + w] = w < HEAD ? in[w] : 0.0f;
        }
    }
}

// The first `rows` rows of a block back to a head.
TEMPLATE void give(const float *block, global float *x, int step, int rows) {
    for (int r = 0; r < rows; r++) {
        global float *out = x + (size_t)r * step;
#pragma unroll
        for (int v = 0; v < HEAD / WIDTH; v++) {
            STORE(*(const loose *)(block + r * WIDE + v * WIDTH), out + v * WIDTH);
        }
        for (int w = HEAD / WIDTH * WIDTH; w < HEAD; w++) {
            out[w] = block[r * WIDE + w];
        }
    }
}

TEMPLATE void queries_to_lanes(const float *block, float *lanes) {
    for (int r = 0; r < QB; r += WIDTH) {
        for (int w = 0; w < WIDE; w += WIDTH) {
            transpose(block + r * WIDE + w, WIDE, lanes + w * QB + r, QB);
        }
    }
}

TEMPLATE void lanes_to_queries(const float *lanes, float *block) {
    for (int r = 0; r < QB; r += WIDTH) {
        for (int w = 0; w < WIDE; w += WIDTH) {
            transpose(lanes + w * QB + r, QB, block + r * WIDE + w, WIDE);
        }
    }
}

// out[j] = sum over w of x[j][w] lanes[w] for keys 0..keys, in lanes of queries
TEMPLATE void dots(const global float *x, int step, int keys, const float *lanes, wide *out) {
    for (int j = 0; j < keys; j += JR) {
        const global float *row[JR];
        wide c[JR][QV];
#pragma unroll
        for (int i = 0; i < JR; i++) {
            row[i] = x + (size_t)min(j + i, keys - 1) * step;
#pragma unroll
            for (int v = 0; v < QV; v++) {
                c[i][v] = (wide)(0.0f);
            }
        }
#pragma unroll 1
        for (int w = 0; w < HEAD; w++) {
            wide q[QV];
#pragma unroll
            for (int v = 0; v < QV; v++) {
                q[v] = *(const loose *)(lanes + w * QB + v * WIDTH);
            }
#pragma unroll
            for (int i = 0; i < JR; i++) {
#pragma unroll
                for (int v = 0; v < QV; v++) {
                    c[i][v] = FMA((wide)(row[i][w]), q[v], c[i][v]);
                }
            }
        }
#pragma unroll
        for (int i = 0; i < JR; i++) {
#pragma unroll
            for (int v = 0; v < QV; v++) {
                out[(j + i) * QV + v] = c[i][v]; // room for JR - 1 more keys than there are
            }
        }
    }
}

// lanes[w] = lanes[w] factor + sum over keys of x[j][w] p[j], in lanes of queries
TEMPLATE void gather(
    const global float *x, int step, int keys, const wide *p, const wide *factor, float *lanes) {
    for (int w = 0; w < HEAD; w += WR) {
        wide c[WR][QV];
        int column[WR];
#pragma unroll
        for (int i = 0; i < WR; i++) {
            column[i] = HEAD % WR == 0 ? w + i : min(w + i, HEAD - 1);
#pragma unroll
            for (int v = 0; v < QV; v++) {
                c[i][v] = *(const loose *)(lanes + (w + i) * QB + v * WIDTH) * factor[v];
            }
        }
#pragma unroll 1
        for (int j = 0; j < keys; j++) {
            const global float *row = x + (size_t)j * step;
#pragma unroll
            for (int i = 0; i < WR; i++) {
                wide broadcast = (wide)(row[column[i]]);
#pragma unroll
                for (int v = 0; v < QV; v++) {
                    c[i][v] = FMA(broadcast, p[j * QV + v], c[i][v]);
                }
            }
        }
#pragma unroll
        for (int i = 0; i < WR; i++) {
#pragma unroll
            for (int v = 0; v < QV; v++) {
                NEAR(lanes + (w + i) * QB + v * WIDTH) = c[i][v];
            }
        }
    }
}

// x[j] += sum over the block's queries of p[j][query] rows[query]
TEMPLATE void scatter(const wide *p, int keys, const float *rows, int count, global float *x, int step) {
    for (int j = 0; j < keys; j++) {
        const float *weights = (const float *)(p + j * QV);
        wide c[WV];
#pragma unroll
        for (int v = 0; v < WV; v++) {
            c[v] = (wide)(0.0f);
        }
#pragma unroll 1
        for (int i = 0; i < count; i++) {
            wide weight = (wide)(weights[i]);
#pragma unroll
            for (int v = 0; v < WV; v++) {
                c[v] = FMA(weight, *(const loose *)(rows + i * WIDE + v * WIDTH), c[v]);
            }
        }
        global float *out = x + (size_t)j * step;
#pragma unroll
        for (int v = 0; v < HEAD / WIDTH; v++) {
            STORE(LOAD(out + v * WIDTH) + c[v], out + v * WIDTH);
        }
        if (WIDE > HEAD) {
            float last[WIDTH];
            NEAR(last) = c[WV - 1];
            for (int w = HEAD / WIDTH * WIDTH; w < HEAD; w++) {
                out[w] += last[w % WIDTH];
            }
        }
    }
}

TEMPLATE wide_int lane_numbers(int first) {
    int numbers[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
        numbers[i] = first + i;
    }
    return GLUE(vload, WIDTH)(0, numbers);
}

#define ROOM (KB + JR - 1)

// Global size [blocks of queries, heads, batch].
kernel void attention(
    int tokens, int causal, float scale, const global float *qkv, global float *ys, global float *log_sums) {
    float block[QB * WIDE];
    float q_lanes[WIDE * QB];
    float y_lanes[(WIDE + WR) * QB];
    wide scores[ROOM * QV];
    int heads = get_global_size(1);
    int h = get_global_id(1);
    size_t b = get_global_id(2);
    int from = get_global_id(0) * QB;
    int rows = min(QB, tokens - from);
    int step = 3 * heads * HEAD;
    const global float *q = qkv + b * tokens * step + h * HEAD;
    const global float *k = q + heads * HEAD;
    const global float *v = k + heads * HEAD;
    take(q + (size_t)from * step, step, rows, block);
    queries_to_lanes(block, q_lanes);
    for (int i = 0; i < (WIDE + WR) * QB; i++) {
        y_lanes[i] = 0;
    }
    wide most[QV];
    wide sum[QV];
    wide_int query[QV];
    for (int u = 0; u < QV; u++) {
        most[u] = (wide)(-INFINITY);
        sum[u] = (wide)(0.0f);
        query[u] = lane_numbers(from + u * WIDTH);
    }
    int seen = causal ? min(tokens, from + QB) : tokens;
    for (int start = 0; start < seen; start += KB) {
        int keys = min(KB, seen - start);
        dots(k + (size_t)start * step, step, keys, q_lanes, scores);
        wide factor[QV];
#pragma unroll
        for (int u = 0; u < QV; u++) {
            wide top = most[u];
            for (int j = 0; j < keys; j++) {
                wide s = scores[j * QV + u] * scale;
                s = causal && start + j > from ? (query[u] < (wide_int)(start + j) ? (wide)(-INFINITY) : s) : s;
                scores[j * QV + u] = s;
                top = max(top, s);
            }
            factor[u] = decay(most[u] - top);
            most[u] = top;
            wide total = sum[u] * factor[u];
            for (int j = 0; j < keys; j++) {
                wide p = decay(scores[j * QV + u] - top);
                scores[j * QV + u] = p;
                total += p;
            }
            sum[u] = total;
        }
        gather(v + (size_t)start * step, step, keys, scores, factor, y_lanes);
    }
    for (int u = 0; u < QV; u++) {
        wide share = (wide)(1.0f) / sum[u];
        for (int w = 0; w < WIDE; w++) {
            NEAR(y_lanes + w * QB + u * WIDTH) *= share;
        }
        float logs[WIDTH];
        NEAR(logs) = most[u] + log(sum[u]);
        for (int i = 0; i < WIDTH && u * WIDTH + i < rows; i++) {
            log_sums[(b * heads + h) * tokens + from + u * WIDTH + i] = logs[i];
        }
    }
    lanes_to_queries(y_lanes, block);
    give(block, ys + (b * tokens + from) * heads * HEAD + h * HEAD, heads * HEAD, rows);
}

// With p the softmax: dp = dy v, dscore = p (dp - sum of dy y) scale; dq = dscore k, dk = dscore q, dv = p dy. Global size
// [heads, batch].
kernel void attention_gradient(
    int tokens, int causal, float scale, const global float *qkv, const global float *ys, const global float *log_sums,
    const global float *dys, global float *dqkv) {
    float q_rows[QB * WIDE];
    float dy_rows[QB * WIDE];
    float q_lanes[WIDE * QB];
    float dy_lanes[WIDE * QB];
    float dq_lanes[(WIDE + WR) * QB];
    wide p[ROOM * QV];
    wide dscore[ROOM * QV];
    int heads = get_global_size(0);
    int h = get_global_id(0);
    size_t b = get_global_id(1);
    int step = 3 * heads * HEAD;
    int out_step = heads * HEAD;
    size_t first = b * tokens * step + h * HEAD;
    const global float *q = qkv + first;
    const global float *k = q + heads * HEAD;
    const global float *v = k + heads * HEAD;
    global float *dq = dqkv + first;
    global float *dk = dq + heads * HEAD;
    global float *dv = dk + heads * HEAD;
    for (int t = 0; t < tokens; t++) {
        for (int w = 0; w < HEAD; w++) {
            dk[(size_t)t * step + w] = 0;
            dv[(size_t)t * step + w] = 0;
        }
    }
    wide ones[QV];
    for (int u = 0; u < QV; u++) {
        ones[u] = (wide)(1.0f);
    }
    for (int from = 0; from < tokens; from += QB) {
        int rows = min(QB, tokens - from);
        size_t out = (b * tokens + from) * out_step + h * HEAD;
        take(ys + out, out_step, rows, q_rows);
        queries_to_lanes(q_rows, q_lanes); // y for the moment
        take(dys + out, out_step, rows, dy_rows);
        queries_to_lanes(dy_rows, dy_lanes);
        wide mean[QV];
        wide log_sum[QV];
        wide_int query[QV];
        for (int u = 0; u < QV; u++) {
            mean[u] = (wide)(0.0f);
            for (int w = 0; w < HEAD; w++) {
                mean[u] = FMA(NEAR(q_lanes + w * QB + u * WIDTH), NEAR(dy_lanes + w * QB + u * WIDTH), mean[u]);
            }
            float logs[WIDTH];
            for (int i = 0; i < WIDTH; i++) {
                logs[i] = log_sums[(b * heads + h) * tokens + min(from + u * WIDTH + i, tokens - 1)];
            }
            log_sum[u] = NEAR(logs);
            query[u] = lane_numbers(from + u * WIDTH);
        }
        take(q + (size_t)from * step, step, rows, q_rows);
        queries_to_lanes(q_rows, q_lanes);
        for (int i = 0; i < (WIDE + WR) * QB; i++) {
            dq_lanes[i] = 0;
        }
        int seen = causal ? min(tokens, from + QB) : tokens;
        for (int start = 0; start < seen; start += KB) {
            int keys = min(KB, seen - start);
            size_t at = (size_t)start * step;
            dots(k + at, step, keys, q_lanes, p);
            dots(v + at, step, keys, dy_lanes, dscore);
            for (int j = 0; j < keys; j++) {
#pragma unroll
                for (int u = 0; u < QV; u++) {
                    wide e = decay(min(p[j * QV + u] * scale - log_sum[u], (wide)(0.0f)));
                    e = causal && start + j > from ? (query[u] < (wide_int)(start + j) ? (wide)(0.0f) : e) : e;
                    p[j * QV + u] = e;
                    dscore[j * QV + u] = e * (dscore[j * QV + u] - mean[u]) * scale;
                }
            }
            gather(k + at, step, keys, dscore, ones, dq_lanes);
            scatter(dscore, keys, q_rows, rows, dk + at, step);
            scatter(p, keys, dy_rows, rows, dv + at, step);
        }
        lanes_to_queries(dq_lanes, q_rows);
        give(q_rows, dq + (size_t)from * step, step, rows);
    }
}
