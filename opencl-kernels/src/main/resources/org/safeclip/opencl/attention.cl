// Self-attention over qkv [B, T, 3, H, W]: a query or a key a lane, `per` of them one after the other. log_sums is [B, H, T].

// Where part 0 (query), 1 (key), 2 (value) of token t, head h of sequence b begins.
size_t place(uint b, uint t, uint part, uint h, uint tokens, uint heads, uint width) {
    return ((((size_t) b * tokens + t) * 3 + part) * heads + h) * width;
}

float dot_of(const global float *x, const global float *y, uint n) {
    float sum = 0;
    for (uint i = 0; i < n; i++) {
        sum += x[i] * y[i];
    }
    return sum;
}

// index i = (b H + h) T + t
#define EACH_TOKEN(i) \
    uint end = min(count, (GROUP + 1) * per * LANES); \
    for (uint i = GROUP * per * LANES + LANE; i < end; i += LANES)
#define TOKEN(i) \
    uint t = i % tokens; \
    uint h = i / tokens % heads; \
    uint b = i / tokens / heads;
#define AT(t, part) (qkv + place(b, t, part, h, tokens, heads, width))
#define OUT(t) ((((size_t) b * tokens + (t)) * heads + h) * width)

KERNEL void attention(
    uint count, uint per, uint tokens, uint heads, uint width, int causal, float scale, const global float *qkv,
    global float *ys, global float *log_sums) {
    EACH_TOKEN(i) {
        TOKEN(i)
        uint seen = causal ? t + 1 : tokens;
        const global float *q = AT(t, 0);
        float max = -INFINITY;
        for (uint key = 0; key < seen; key++) {
            max = fmax(max, dot_of(q, AT(key, 1), width) * scale);
        }
        global float *y = ys + OUT(t);
        for (uint d = 0; d < width; d++) {
            y[d] = 0;
        }
        float sum = 0;
        for (uint key = 0; key < seen; key++) {
            float e = exp(dot_of(q, AT(key, 1), width) * scale - max);
            const global float *v = AT(key, 2);
            sum += e;
            for (uint d = 0; d < width; d++) {
                y[d] += e * v[d];
            }
        }
        for (uint d = 0; d < width; d++) {
            y[d] /= sum;
        }
        log_sums[i] = max + log(sum);
    }
}

// With p the softmax: dp = dy v, dscore = p (dp - sum of dy y) scale, dq = sum of dscore k
KERNEL void attention_dq(
    uint count, uint per, uint tokens, uint heads, uint width, int causal, float scale, const global float *qkv,
    const global float *ys, const global float *log_sums, const global float *dys, global float *dqkv) {
    EACH_TOKEN(i) {
        TOKEN(i)
        uint seen = causal ? t + 1 : tokens;
        global float *dq = dqkv + place(b, t, 0, h, tokens, heads, width);
        float mean = dot_of(dys + OUT(t), ys + OUT(t), width);
        for (uint d = 0; d < width; d++) {
            dq[d] = 0;
        }
        for (uint key = 0; key < seen; key++) {
            const global float *k = AT(key, 1);
            float p = exp(dot_of(AT(t, 0), k, width) * scale - log_sums[i]);
            float dscore = p * (dot_of(dys + OUT(t), AT(key, 2), width) - mean) * scale;
            for (uint d = 0; d < width; d++) {
                dq[d] += dscore * k[d];
            }
        }
    }
}

// dk = sum over queries of dscore q, dv = sum of p dy
KERNEL void attention_dkv(
    uint count, uint per, uint tokens, uint heads, uint width, int causal, float scale, const global float *qkv,
    const global float *ys, const global float *log_sums, const global float *dys, global float *dqkv) {
    EACH_TOKEN(i) {
        TOKEN(i)
        global float *dk = dqkv + place(b, t, 1, h, tokens, heads, width);
        global float *dv = dqkv + place(b, t, 2, h, tokens, heads, width);
        for (uint d = 0; d < width; d++) {
            dk[d] = 0;
            dv[d] = 0;
        }
        for (uint query = causal ? t : 0; query < tokens; query++) {
            const global float *q = AT(query, 0);
            const global float *dy = dys + OUT(query);
            float p = exp(dot_of(q, AT(t, 1), width) * scale - log_sums[i - t + query]);
            float dscore = p * (dot_of(dy, AT(t, 2), width) - dot_of(dy, ys + OUT(query), width)) * scale;
            for (uint d = 0; d < width; d++) {
                dk[d] += dscore * q[d];
                dv[d] += p * dy[d];
            }
        }
    }
}
