// Self-attention over qkv [B, T, 3, H, HEAD] and its gradient for GPUs, in tiles (Dao et al. 2022, "FlashAttention"): a
// work-group has OWN rows of a head (queries, or keys in the gradient of keys and values), and the rows of the other side
// pass by in blocks of OTHER through local memory. Scores of a block are a tile OWN x OTHER, spread over the work-items:
//
//              WIDE items side by side
//            +---+---+---+---+          item (x, y) has the rows y, y + TALL, y + 2 TALL, ... (ROWS_EACH of them)
//      TALL  |   |   |   |   |          and the columns x, x + WIDE, ... (COLUMNS_EACH), so that neighbours read
//      items +---+---+---+---+          neighbouring rows of local memory, which begin in different banks.
//            |   |   |   |   |
//            +---+---+---+---+
//
// A running maximum and sum make T free. The gradients of queries and of keys and values are two kernels, each the only
// writer of its rows: the same order of sums every time, and no atomics. Probabilities are computed again from the saved
// logarithm of their sum. Exponents are of base 2, the scale carrying log2(e).

#ifndef HEAD
#define HEAD 32 // width of a head
#endif
#ifndef WIDE
#define WIDE 8
#endif
#ifndef TALL
#define TALL 8
#endif
#ifndef ROWS_EACH
#define ROWS_EACH 4
#endif
#ifndef COLUMNS_EACH
#define COLUMNS_EACH 4
#endif
#ifndef UNROLL
#define UNROLL 4
#endif

#define ITEMS (WIDE * TALL)
#define OWN (TALL * ROWS_EACH)
#define OTHER (WIDE * COLUMNS_EACH)          // a multiple of 4
#define CHUNKS ((HEAD + 3) / 4)              // float4 of a row
#define STRIDE (CHUNKS | 1)                  // of a row in local memory, in float4: odd, so rows begin in other banks
#define PARTS ((CHUNKS + WIDE - 1) / WIDE)   // float4 of a result's row that an item has: x, x + WIDE, ...
#define TILE_STRIDE (OTHER / 4 | 1)          // of a row of probabilities, in float4

#define LOG2_E 1.44269504089f
#define LN_2 0.69314718056f

#define HELPER static __attribute__((always_inline)) // tiles in registers survive no call
#define TILED kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1)))

// The group's block, head and sequence; one dimension, since the others are limited to 2^16 on some devices.
#define PLACE \
    uint blocks = (tokens + OWN - 1) / OWN; \
    uint from = get_group_id(0) % blocks * OWN; \
    uint h = get_group_id(0) / blocks % heads; \
    size_t b = get_group_id(0) / blocks / heads; \
    uint x = get_local_id(0) % WIDE; \
    uint y = get_local_id(0) / WIDE; \
    uint step = 3 * heads * HEAD; \
    uint out_step = heads * HEAD; \
    const global float *q = qkv + b * tokens * step + h * HEAD; \
    const global float *k = q + heads * HEAD; \
    const global float *v = k + heads * HEAD; \
    size_t out = b * tokens * out_step + h * HEAD; \
    size_t sums = (b * heads + h) * tokens;

#define EACH_ROW(i) _Pragma("unroll") for (uint i = 0; i < ROWS_EACH; i++)
#define EACH_COLUMN(j) _Pragma("unroll") for (uint j = 0; j < COLUMNS_EACH; j++)
#define EACH_PART(c) _Pragma("unroll") for (uint c = 0; c < PARTS; c++)

// float4 number c of a row, zero beyond its width
HELPER float4 chunk(const global float *row, uint c) {
#if HEAD % 4 == 0
    return *(const global float4 *) (row + 4 * c);
#else
    float4 all = (float4) (0);
    all.x = row[4 * c];
    all.y = 4 * c + 1 < HEAD ? row[4 * c + 1] : 0;
    all.z = 4 * c + 2 < HEAD ? row[4 * c + 2] : 0;
    all.w = 4 * c + 3 < HEAD ? row[4 * c + 3] : 0;
    return all;
#endif
}

HELPER void set_chunk(float4 all, global float *row, uint c) {
#if HEAD % 4 == 0
    *(global float4 *) (row + 4 * c) = all;
#else
    row[4 * c] = all.x;
    if (4 * c + 1 < HEAD) {
        row[4 * c + 1] = all.y;
    }
    if (4 * c + 2 < HEAD) {
        row[4 * c + 2] = all.z;
    }
    if (4 * c + 3 < HEAD) {
        row[4 * c + 3] = all.w;
    }
#endif
}

// `rows` rows into local memory times `scale`, zero beyond `count`
HELPER void fetch(const global float *from, uint step, uint count, uint rows, float scale, local float4 *to) {
#pragma unroll
    for (uint n = 0; n < (rows * CHUNKS + ITEMS - 1) / ITEMS; n++) {
        uint i = n * ITEMS + get_local_id(0);
        uint r = i / CHUNKS;
        uint c = i % CHUNKS;
        if (rows * CHUNKS % ITEMS == 0 || r < rows) {
            to[r * STRIDE + c] = r < count ? scale * chunk(from + (size_t) r * step, c) : (float4) (0);
        }
    }
}

// tile = own other^T
HELPER void products(const local float4 *own, const local float4 *other, float tile[ROWS_EACH][COLUMNS_EACH]) {
    uint x = get_local_id(0) % WIDE;
    uint y = get_local_id(0) / WIDE;
    EACH_ROW(i) {
        EACH_COLUMN(j) {
            tile[i][j] = 0;
        }
    }
#pragma unroll UNROLL
    for (uint c = 0; c < CHUNKS; c++) {
        float4 a[ROWS_EACH];
        EACH_ROW(i) {
            a[i] = own[(y + i * TALL) * STRIDE + c];
        }
        EACH_COLUMN(j) {
            float4 one = other[(x + j * WIDE) * STRIDE + c];
            EACH_ROW(i) {
                tile[i][j] = mad(a[i].x, one.x, tile[i][j]);
                tile[i][j] = mad(a[i].y, one.y, tile[i][j]);
                tile[i][j] = mad(a[i].z, one.z, tile[i][j]);
                tile[i][j] = mad(a[i].w, one.w, tile[i][j]);
            }
        }
    }
}

// sum += tile other, the tile from local memory
HELPER void add_rows(const local float4 *tile, const local float4 *other, float4 sum[ROWS_EACH][PARTS]) {
    uint x = get_local_id(0) % WIDE;
    uint y = get_local_id(0) / WIDE;
#pragma unroll 2
    for (uint k = 0; k < OTHER / 4; k++) {
        float4 p[ROWS_EACH];
        EACH_ROW(i) {
            p[i] = tile[(y + i * TALL) * TILE_STRIDE + k];
        }
        EACH_PART(c) {
            uint at = x + c * WIDE;
            if (CHUNKS % WIDE == 0 || at < CHUNKS) {
                const local float4 *row = other + 4 * k * STRIDE + at;
                float4 r0 = row[0];
                float4 r1 = row[STRIDE];
                float4 r2 = row[2 * STRIDE];
                float4 r3 = row[3 * STRIDE];
                EACH_ROW(i) {
                    sum[i][c] = mad((float4) (p[i].x), r0, sum[i][c]);
                    sum[i][c] = mad((float4) (p[i].y), r1, sum[i][c]);
                    sum[i][c] = mad((float4) (p[i].z), r2, sum[i][c]);
                    sum[i][c] = mad((float4) (p[i].w), r3, sum[i][c]);
                }
            }
        }
    }
}

// An item's rows of a result, times `scale`, to rows of global memory
#define WRITE(sum, scale, to, to_step) \
    EACH_ROW(i) { \
        uint row = from + y + i * TALL; \
        if (row < tokens) { \
            EACH_PART(c) { \
                uint at = x + c * WIDE; \
                if (CHUNKS % WIDE == 0 || at < CHUNKS) { \
                    set_chunk(sum[i][c] * (scale), (to) + (size_t) row * (to_step), at); \
                } \
            } \
        } \
    }

#ifndef BACKWARD
TILED void attention(
    uint tokens, uint heads, int causal, float scale, const global float *qkv, global float *ys, global float *log_sums) {
    local float4 queries[OWN * STRIDE];
    local float4 keys[OTHER * STRIDE];
    local float4 values[OTHER * STRIDE];
    local float4 tile[OWN * TILE_STRIDE];
    local float tops[OWN * WIDE];
    PLACE
    float most[ROWS_EACH];
    float sum[ROWS_EACH];
    float4 result[ROWS_EACH][PARTS];
    EACH_ROW(i) {
        most[i] = -INFINITY;
        sum[i] = 0;
        EACH_PART(c) {
            result[i][c] = (float4) (0);
        }
    }
    fetch(q + (size_t) from * step, step, tokens - from, OWN, scale * LOG2_E, queries);
    uint seen = causal ? min(tokens, from + OWN) : tokens;
    for (uint start = 0; start < seen; start += OTHER) {
        fetch(k + (size_t) start * step, step, tokens - start, OTHER, 1, keys);
        fetch(v + (size_t) start * step, step, tokens - start, OTHER, 1, values);
        barrier(CLK_LOCAL_MEM_FENCE);
        float score[ROWS_EACH][COLUMNS_EACH];
        products(queries, keys, score);
        EACH_ROW(i) {
            uint last = causal ? min(from + y + i * TALL, tokens - 1) : tokens - 1;
            float top = -INFINITY;
            EACH_COLUMN(j) {
                score[i][j] = start + x + j * WIDE <= last ? score[i][j] : -INFINITY;
                top = fmax(top, score[i][j]);
            }
            tops[(y + i * TALL) * WIDE + x] = top;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        EACH_ROW(i) {
            uint row = y + i * TALL;
            float top = most[i];
#pragma unroll
            for (uint j = 0; j < WIDE; j++) {
                top = fmax(top, tops[row * WIDE + j]);
            }
            float shrink = exp2(most[i] - top);
            most[i] = top;
            sum[i] *= shrink;
            EACH_COLUMN(j) {
                float p = exp2(score[i][j] - top);
                sum[i] += p;
                ((local float *) tile)[row * 4 * TILE_STRIDE + x + j * WIDE] = p;
            }
            EACH_PART(c) {
                result[i][c] *= shrink;
            }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        add_rows(tile, values, result);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    EACH_ROW(i) {
        tops[(y + i * TALL) * WIDE + x] = sum[i];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    EACH_ROW(i) {
        uint row = y + i * TALL;
        sum[i] = 0;
#pragma unroll
        for (uint j = 0; j < WIDE; j++) {
            sum[i] += tops[row * WIDE + j];
        }
        if (x == 0 && from + row < tokens) {
            log_sums[sums + from + row] = (most[i] + log2(sum[i])) * LN_2;
        }
        sum[i] = 1 / sum[i];
    }
    WRITE(result, sum[i], ys + out, out_step)
}

#else
// dq = sum over keys of dscore k, where dscore = p (dy v - mean) scale with mean = sum of dy y, which is kept
TILED void attention_dq(
    uint tokens, uint heads, int causal, float scale, const global float *qkv, const global float *ys,
    const global float *log_sums, const global float *dys, global float *means, global float *dqkv) {
    local float4 queries[OWN * STRIDE];
    local float4 slopes[OWN * STRIDE];
    local float4 keys[OTHER * STRIDE];
    local float4 values[OTHER * STRIDE];
    local float4 tile[OWN * TILE_STRIDE];
    local float parts[OWN * WIDE];
    PLACE
    fetch(q + (size_t) from * step, step, tokens - from, OWN, scale * LOG2_E, queries);
    fetch(dys + out + (size_t) from * out_step, out_step, tokens - from, OWN, 1, slopes);
    barrier(CLK_LOCAL_MEM_FENCE);
    EACH_ROW(i) {
        uint row = y + i * TALL;
        float part = 0;
        EACH_PART(c) {
            uint at = x + c * WIDE;
            if ((CHUNKS % WIDE == 0 || at < CHUNKS) && from + row < tokens) {
                part += dot(slopes[row * STRIDE + at], chunk(ys + out + (size_t) (from + row) * out_step, at));
            }
        }
        parts[row * WIDE + x] = part;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    float mean[ROWS_EACH];
    float log_sum[ROWS_EACH];
    float4 dq[ROWS_EACH][PARTS];
    EACH_ROW(i) {
        uint row = y + i * TALL;
        mean[i] = 0;
#pragma unroll
        for (uint j = 0; j < WIDE; j++) {
            mean[i] += parts[row * WIDE + j];
        }
        if (x == 0 && from + row < tokens) {
            means[sums + from + row] = mean[i];
        }
        log_sum[i] = log_sums[sums + min(from + row, tokens - 1)] * LOG2_E;
        EACH_PART(c) {
            dq[i][c] = (float4) (0);
        }
    }
    uint seen = causal ? min(tokens, from + OWN) : tokens;
    for (uint start = 0; start < seen; start += OTHER) {
        fetch(k + (size_t) start * step, step, tokens - start, OTHER, 1, keys);
        fetch(v + (size_t) start * step, step, tokens - start, OTHER, 1, values);
        barrier(CLK_LOCAL_MEM_FENCE);
        float score[ROWS_EACH][COLUMNS_EACH];
        float slope[ROWS_EACH][COLUMNS_EACH];
        products(queries, keys, score);
        products(slopes, values, slope);
        EACH_ROW(i) {
            uint last = causal ? min(from + y + i * TALL, tokens - 1) : tokens - 1;
            EACH_COLUMN(j) {
                float p = start + x + j * WIDE <= last ? exp2(score[i][j] - log_sum[i]) : 0;
                ((local float *) tile)[(y + i * TALL) * 4 * TILE_STRIDE + x + j * WIDE] = p * (slope[i][j] - mean[i]);
            }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        add_rows(tile, keys, dq);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    WRITE(dq, scale, dqkv + b * tokens * step + h * HEAD, step)
}

// dk = sum over queries of dscore q, dv = sum of p dy
TILED void attention_dkv(
    uint tokens, uint heads, int causal, float scale, const global float *qkv, const global float *log_sums,
    const global float *dys, const global float *means, global float *dqkv) {
    local float4 keys[OWN * STRIDE];
    local float4 values[OWN * STRIDE];
    local float4 queries[OTHER * STRIDE];
    local float4 slopes[OTHER * STRIDE];
    local float4 tile[OWN * TILE_STRIDE];
    local float logs[OTHER];
    local float mean[OTHER];
    PLACE
    float4 dk[ROWS_EACH][PARTS];
    float4 dv[ROWS_EACH][PARTS];
    EACH_ROW(i) {
        EACH_PART(c) {
            dk[i][c] = (float4) (0);
            dv[i][c] = (float4) (0);
        }
    }
    fetch(k + (size_t) from * step, step, tokens - from, OWN, scale * LOG2_E, keys);
    fetch(v + (size_t) from * step, step, tokens - from, OWN, 1, values);
    for (uint start = causal ? from : 0; start < tokens; start += OTHER) {
        fetch(q + (size_t) start * step, step, tokens - start, OTHER, 1, queries);
        fetch(dys + out + (size_t) start * out_step, out_step, tokens - start, OTHER, 1, slopes);
        for (uint i = get_local_id(0); i < OTHER; i += ITEMS) {
            uint row = min(start + i, tokens - 1);
            logs[i] = start + i < tokens ? log_sums[sums + row] * LOG2_E : INFINITY; // no row, no probability
            mean[i] = means[sums + row];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        float score[ROWS_EACH][COLUMNS_EACH];
        float slope[ROWS_EACH][COLUMNS_EACH];
        products(keys, queries, score);
        products(values, slopes, slope);
        EACH_COLUMN(j) {
            uint column = x + j * WIDE;
            EACH_ROW(i) {
                uint row = y + i * TALL;
                float p = causal && start + column < from + row ? 0 : exp2(score[i][j] - logs[column]);
                slope[i][j] = p * (slope[i][j] - mean[column]);
                ((local float *) tile)[row * 4 * TILE_STRIDE + column] = p;
            }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        add_rows(tile, slopes, dv);
        barrier(CLK_LOCAL_MEM_FENCE);
        EACH_COLUMN(j) {
            EACH_ROW(i) {
                ((local float *) tile)[(y + i * TALL) * 4 * TILE_STRIDE + x + j * WIDE] = slope[i][j];
            }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        add_rows(tile, queries, dk);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    global float *to = dqkv + b * tokens * step + h * HEAD;
    WRITE(dk, scale, to + heads * HEAD, step)
    WRITE(dv, 1, to + 2 * heads * HEAD, step)
}
#endif
