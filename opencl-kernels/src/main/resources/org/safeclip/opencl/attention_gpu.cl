// Self-attention over qkv [B, T, 3, H, HEAD] and its gradient for GPUs: a work-group for each block of ROWS queries (or
// keys) of a head, a row of it for each work-item, kept in registers. The other side passes by in blocks of ROWS through
// local memory, where all work-items read the same number at the same time: a broadcast, without bank conflicts.
//
// Scores never leave the registers: a running maximum and sum make T free. The gradient of queries and that of keys and
// values are two kernels, each the only writer of its rows: the same order of sums every time, and no atomics. dy y summed
// over a row is computed where it is needed, HEAD products against T HEAD.
//
// HEAD, the width of a head, is compiled in, or a row would not fit into registers.

#ifndef HEAD
#define HEAD 32
#endif
#ifndef BLOCK
#define BLOCK 64 // rows of a block: work-items of a group, and rows in local memory at a time
#endif

#define GROUP_OF_ROWS kernel __attribute__((reqd_work_group_size(BLOCK, 1, 1)))

// The group's block, head and sequence; one dimension, since the others are limited to 2^16 on some devices.
#define PLACE \
    uint blocks = (tokens + BLOCK - 1) / BLOCK; \
    uint from = get_group_id(0) % blocks * BLOCK; \
    uint h = get_group_id(0) / blocks % heads; \
    size_t b = get_group_id(0) / blocks / heads; \
    uint lane = get_local_id(0); \
    uint row = from + lane; \
    uint own = min(row, tokens - 1); \
    uint step = 3 * heads * HEAD; \
    uint out_step = heads * HEAD; \
    const global float *q = qkv + b * tokens * step + h * HEAD; \
    const global float *k = q + heads * HEAD; \
    const global float *v = k + heads * HEAD; \
    size_t out = b * tokens * out_step + h * HEAD; \
    size_t sums = (b * heads + h) * tokens;

// `rows` rows into local memory, neighbouring lanes taking neighbouring numbers
void fetch_rows(const global float *x, uint step, uint rows, local float *to) {
    for (uint i = get_local_id(0); i < rows * HEAD; i += BLOCK) {
        to[i] = x[(size_t) (i / HEAD) * step + i % HEAD];
    }
}

float near_dot(const float *x, const local float *y) {
    float sum = 0;
#pragma unroll
    for (uint w = 0; w < HEAD; w++) {
        sum = mad(x[w], y[w], sum);
    }
    return sum;
}

GROUP_OF_ROWS void attention(
    uint tokens, uint heads, int causal, float scale, const global float *qkv, global float *ys, global float *log_sums) {
    local float keys[BLOCK * HEAD];
    local float values[BLOCK * HEAD];
    PLACE
    float mine[HEAD];
    float y[HEAD];
#pragma unroll
    for (uint w = 0; w < HEAD; w++) {
        mine[w] = q[(size_t) own * step + w] * scale;
        y[w] = 0;
    }
    float most = -INFINITY;
    float sum = 0;
    uint seen = causal ? min(tokens, from + BLOCK) : tokens;
    for (uint start = 0; start < seen; start += BLOCK) {
        uint count = min((uint) BLOCK, seen - start);
        fetch_rows(k + (size_t) start * step, step, count, keys);
        fetch_rows(v + (size_t) start * step, step, count, values);
        barrier(CLK_LOCAL_MEM_FENCE);
        uint visible = causal ? clamp((int) own + 1 - (int) start, 0, (int) count) : count;
        for (uint j = 0; j < visible; j++) {
            float score = near_dot(mine, keys + j * HEAD);
            float top = fmax(most, score);
            float shrink = exp(most - top);
            float p = exp(score - top);
            most = top;
            sum = sum * shrink + p;
#pragma unroll
            for (uint w = 0; w < HEAD; w++) {
                y[w] = mad(p, values[j * HEAD + w], y[w] * shrink);
            }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (row < tokens) {
        float share = 1 / sum;
        for (uint w = 0; w < HEAD; w++) {
            ys[out + (size_t) row * out_step + w] = y[w] * share;
        }
        log_sums[sums + row] = most + log(sum);
    }
}

// dq = sum over keys of dscore k, where dscore = p (dy v - sum of dy y) scale
GROUP_OF_ROWS void attention_dq(
    uint tokens, uint heads, int causal, float scale, const global float *qkv, const global float *ys,
    const global float *log_sums, const global float *dys, global float *dqkv) {
    local float keys[BLOCK * HEAD];
    local float values[BLOCK * HEAD];
    PLACE
    float mine[HEAD];
    float dy[HEAD];
    float dq[HEAD];
    float mean = 0;
#pragma unroll
    for (uint w = 0; w < HEAD; w++) {
        mine[w] = q[(size_t) own * step + w];
        dy[w] = dys[out + (size_t) own * out_step + w];
        mean = mad(dy[w], ys[out + (size_t) own * out_step + w], mean);
        dq[w] = 0;
    }
    float log_sum = log_sums[sums + own];
    uint seen = causal ? min(tokens, from + BLOCK) : tokens;
    for (uint start = 0; start < seen; start += BLOCK) {
        uint count = min((uint) BLOCK, seen - start);
        fetch_rows(k + (size_t) start * step, step, count, keys);
        fetch_rows(v + (size_t) start * step, step, count, values);
        barrier(CLK_LOCAL_MEM_FENCE);
        uint visible = causal ? clamp((int) own + 1 - (int) start, 0, (int) count) : count;
        for (uint j = 0; j < visible; j++) {
            float p = exp(near_dot(mine, keys + j * HEAD) * scale - log_sum);
            float dscore = p * (near_dot(dy, values + j * HEAD) - mean) * scale;
#pragma unroll
            for (uint w = 0; w < HEAD; w++) {
                dq[w] = mad(dscore, keys[j * HEAD + w], dq[w]);
            }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (row < tokens) {
        for (uint w = 0; w < HEAD; w++) {
            dqkv[b * tokens * step + h * HEAD + (size_t) row * step + w] = dq[w];
        }
    }
}

// dk = sum over queries of dscore q, dv = sum of p dy
GROUP_OF_ROWS void attention_dkv(
    uint tokens, uint heads, int causal, float scale, const global float *qkv, const global float *ys,
    const global float *log_sums, const global float *dys, global float *dqkv) {
    local float queries[BLOCK * HEAD];
    local float slopes[BLOCK * HEAD];
    local float logs[BLOCK];
    local float means[BLOCK];
    PLACE
    float key[HEAD];
    float value[HEAD];
    float dk[HEAD];
    float dv[HEAD];
#pragma unroll
    for (uint w = 0; w < HEAD; w++) {
        key[w] = k[(size_t) own * step + w];
        value[w] = v[(size_t) own * step + w];
        dk[w] = 0;
        dv[w] = 0;
    }
    for (uint start = causal ? from : 0; start < tokens; start += BLOCK) {
        uint count = min((uint) BLOCK, tokens - start);
        fetch_rows(q + (size_t) start * step, step, count, queries);
        fetch_rows(dys + out + (size_t) start * out_step, out_step, count, slopes);
        barrier(CLK_LOCAL_MEM_FENCE);
        if (lane < count) {
            const global float *y = ys + out + (size_t) (start + lane) * out_step;
            float mean = 0;
            for (uint w = 0; w < HEAD; w++) {
                mean = mad(slopes[lane * HEAD + w], y[w], mean);
            }
            means[lane] = mean;
            logs[lane] = log_sums[sums + start + lane];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        uint first = causal ? max((int) own - (int) start, 0) : 0; // the query of its own token is the first to see a key
        for (uint i = first; i < count; i++) {
            float p = exp(near_dot(key, queries + i * HEAD) * scale - logs[i]);
            float dscore = p * (near_dot(value, slopes + i * HEAD) - means[i]) * scale;
#pragma unroll
            for (uint w = 0; w < HEAD; w++) {
                dk[w] = mad(dscore, queries[i * HEAD + w], dk[w]);
                dv[w] = mad(p, slopes[i * HEAD + w], dv[w]);
            }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (row < tokens) {
        global float *to = dqkv + b * tokens * step + h * HEAD + (size_t) row * step;
        for (uint w = 0; w < HEAD; w++) {
            to[heads * HEAD + w] = dk[w];
            to[2 * heads * HEAD + w] = dv[w];
        }
    }
}
