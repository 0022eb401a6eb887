// y = op(a) op(b) [+ bias] [+ residual] for GPUs: a block of y for each work-group, its operands passing through local
// memory, a tile of it in the registers of each work-item.
//
//   BM x BN    numbers of y that a group computes: a number fetched from global memory serves BN, or BM, products.
//   BK         steps of k held in local memory at a time, twice: while one half is multiplied the next arrives in registers
//              and is then laid into the other, so that a step of BK costs one barrier and hides the way to memory. In the
//              same way the numbers of a step of k leave local memory while those of the step before are multiplied.
//   TM x TN    numbers of y in the registers of a work-item, as quads of 4 x 4 that lie BM / (TM / 4) apart: neighbouring
//              work-items then read neighbouring float4s of local memory, without bank conflicts. Runs of 32 work-items,
//              which many devices execute as one, share a patch of 4 x 8 of them, so that few different float4s are read.
//
// Both operands lie in local memory as [BK][rows]: a step of k reads TM + TN numbers for TM TN products. Rows are padded by
// a float4, so that a transposing store of four numbers meets different banks. Where rows begin at multiples of four
// floats, whole steps move float4s and ask for no edge: rows outside are read from the last ones inside, and what comes of
// them is not stored. Others go number by number and set zeros outside.
//
//                 BN columns of op(b)                A group owns the block at (row_from, col_from) of y, and in each step
//                 +-----------------+                of BK loads the two strips of a and b beside it. Its work-item
//              BK |  * . .   * . .  |                (ty, tx) owns the quads marked *, TM / 4 times TN / 4 of them:
//                 +-----------------+
//            BK   |                 |                  row = row_from + i / 4 * (4 BM / TM) + 4 ty + i % 4,  i < TM
//           +--+  +-----------------+                  col = col_from + q * (4 BN / TN) + 4 tx + j,          q < TN / 4, j < 4
//    BM     |* |  |  * . .   * . .  |
//    rows   |. |  |  . . .   . . .  |                  y[row, col] = sum over p of op(a)[row, p] op(b)[p, col],
//    of     |* |  |  * . .   * . .  |                                p ascending within a slice of k
//    op(a)  |. |  |  . . .   . . .  |                  op(a)[r, p] = a[r k + p], transposed a[p m + r]
//           +--+  +-----------------+                  op(b)[p, c] = b[p n + c], transposed b[c k + p]
//
// Blocks in fast memory and tiles in registers: Volkov and Demmel 2008, "Benchmarking GPUs to tune dense linear algebra"; Nath,
// Tomov and Dongarra 2010, "An improved MAGMA GEMM for Fermi GPUs". In OpenCL with sizes to tune: Nugteren 2018, "CLBlast". The
// patches of 32 work-items, the two halves and the slices of k are those of NVIDIA's CUTLASS ("Efficient GEMM in CUDA"). The same
// in rungs, from the definition on: bench/gpu.sh ladder.

#ifndef BM
#define BM 64
#endif
#ifndef BN
#define BN 64
#endif
#ifndef BK
#define BK 8
#endif
#ifndef TM
#define TM 4
#endif
#ifndef TN
#define TN 4
#endif

#ifndef A_ALONG // whether a is stored [m, k], else [k, m]
#define A_ALONG 1
#endif
#ifndef B_ALONG // whether b is stored [n, k], else [k, n]
#define B_ALONG 0
#endif

#define ITEMS ((BM / TM) * (BN / TN))
#define QM (TM / 4)
#define QN (TN / 4)
#define AP (BM + 4)
#define BP (BN + 4)
#define AQ ((BM * BK / 4 + ITEMS - 1) / ITEMS) // float4s of a block of a that a work-item moves
#define BQ ((BN * BK / 4 + ITEMS - 1) / ITEMS)

// Float4 number u of a block of `rows` rows and BK steps: along k where the operand is stored [rows, k], else along rows.
#define ROW_OF(u, rows, along) ((along) ? (u) / (BK / 4) : (u) % ((rows) / 4) * 4)
#define STEP_OF(u, rows, along) ((along) ? (u) % (BK / 4) * 4 : (u) / ((rows) / 4))

// Four numbers from row `row` and step `step` on, zeros outside.
float4 fetch(const global float *x, uint row, uint step, uint rows, uint steps, uint stride, int along) {
    const global float *from = x + (along ? (size_t) row * stride + step : (size_t) step * stride + row);
    uint room = along ? (row < rows && step < steps ? steps - step : 0) : (step < steps && row < rows ? rows - row : 0);
    float4 v = (float4)(0);
    v.x = room > 0 ? from[0] : 0;
    v.y = room > 1 ? from[1] : 0;
    v.z = room > 2 ? from[2] : 0;
    v.w = room > 3 ? from[3] : 0;
    return v;
}

void lay(float4 v, local float *tile, uint row, uint step, uint pad, int along) {
    if (along) {
        tile[(step + 0) * pad + row] = v.x;
        tile[(step + 1) * pad + row] = v.y;
        tile[(step + 2) * pad + row] = v.z;
        tile[(step + 3) * pad + row] = v.w;
    } else {
        *(local float4 *) (tile + step * pad + row) = v;
    }
}

// One group for each block of y, slice of k and product of the batch, all in one dimension: the others are limited to 2^16
// on some devices. Groups walk down bands of BAND blocks, so that those at work together share what they fetch. `along`
// says which operand is stored with k as its inner axis (a unless transposed, b if transposed). Slices of k, whole steps
// of BK, write their parts of the sum one after the other.
#define BAND 8
kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void matmul(
    uint m, uint n, uint k, uint slice, const global float *as, const global float *bs, const global float *bias,
    const global float *residual, global float *ys) {
    local float4 a_room[2 * BK * AP / 4];
    local float4 b_room[2 * BK * BP / 4];
    local float *a_tile = (local float *) a_room;
    local float *b_tile = (local float *) b_room;
    uint lane = get_local_id(0);
    uint down = (m + BM - 1) / BM;
    uint across = (n + BN - 1) / BN;
    uint part = get_group_id(0) / (down * across);
    uint block = get_group_id(0) % (down * across);
    uint band = block / (BAND * across) * BAND;
    uint high = min(down - band, (uint) BAND);
    uint row_from = (band + block % (BAND * across) % high) * BM;
    uint col_from = block % (BAND * across) / high * BN;
    uint slices = (k + slice - 1) / slice;
    uint z = part / slices;
    uint from = part % slices * slice;
    uint to = min(from + slice, k);
    uint a_stride = A_ALONG ? k : m;
    uint b_stride = B_ALONG ? k : n;
    // steps are counted from 0 in the operands' own rows; those of other slices are never asked for
    const global float *a = as + (size_t) z * m * k;
    const global float *b = bs + (size_t) z * n * k;
    global float *y = ys + (size_t) part * m * n;
    int whole = a_stride % 4 == 0 && b_stride % 4 == 0 && (z * m * k) % 4 == 0 && (z * n * k) % 4 == 0;
#if BM / TM % 4 == 0 && BN / TN % 8 == 0
    uint ty = lane / 32 / (BN / TN / 8) * 4 + lane % 32 / 8;
    uint tx = lane / 32 % (BN / TN / 8) * 8 + lane % 8;
#else
    uint ty = lane / (BN / TN);
    uint tx = lane % (BN / TN);
#endif

    float c[TM][TN];
#pragma unroll
    for (uint i = 0; i < TM; i++) {
#pragma unroll
        for (uint j = 0; j < TN; j++) {
            c[i][j] = 0;
        }
    }
    float4 a_next[AQ];
    float4 b_next[BQ];
    const global float *a_from[AQ];
    const global float *b_from[BQ];
#pragma unroll
    for (uint q = 0; q < AQ; q++) {
        uint u = lane + q * ITEMS;
        uint row = min(row_from + ROW_OF(u, BM, A_ALONG), A_ALONG ? m - 1 : m - 4);
        uint step = from + STEP_OF(u, BM, A_ALONG);
        a_from[q] = a + (A_ALONG ? (size_t) row * k + step : (size_t) step * m + row);
    }
#pragma unroll
    for (uint q = 0; q < BQ; q++) {
        uint u = lane + q * ITEMS;
        uint row = min(col_from + ROW_OF(u, BN, B_ALONG), B_ALONG ? n - 1 : n - 4);
        uint step = from + STEP_OF(u, BN, B_ALONG);
        b_from[q] = b + (B_ALONG ? (size_t) row * k + step : (size_t) step * n + row);
    }
    uint a_go = A_ALONG ? BK : BK * m;
    uint b_go = B_ALONG ? BK : BK * n;

#define QUADS(q, quads, body) \
    _Pragma("unroll") for (uint q = 0; q < (quads + ITEMS - 1) / ITEMS; q++) { \
        uint u = lane + q * ITEMS; \
        if (quads % ITEMS == 0 || u < quads) { \
            body \
        } \
    }
#define FETCH(step) \
    if (whole && (step) + BK <= to) { \
        QUADS(q, BM * BK / 4, a_next[q] = *(const global float4 *) a_from[q]; a_from[q] += a_go;) \
        QUADS(q, BN * BK / 4, b_next[q] = *(const global float4 *) b_from[q]; b_from[q] += b_go;) \
    } else { \
        QUADS(q, BM * BK / 4, a_next[q] = fetch(a, row_from + ROW_OF(u, BM, A_ALONG), (step) + STEP_OF(u, BM, A_ALONG), m, \
                                               to, a_stride, A_ALONG);) \
        QUADS(q, BN * BK / 4, b_next[q] = fetch(b, col_from + ROW_OF(u, BN, B_ALONG), (step) + STEP_OF(u, BN, B_ALONG), n, \
                                               to, b_stride, B_ALONG);) \
    }
#define LAY(half_) \
    QUADS(q, BM * BK / 4, lay(a_next[q], a_tile + (half_) * BK * AP, ROW_OF(u, BM, A_ALONG), STEP_OF(u, BM, A_ALONG), AP, \
                             A_ALONG);) \
    QUADS(q, BN * BK / 4, lay(b_next[q], b_tile + (half_) * BK * BP, ROW_OF(u, BN, B_ALONG), STEP_OF(u, BN, B_ALONG), BP, \
                             B_ALONG);)
// The numbers of step l of a half that this work-item multiplies.
#define TAKE(half_, l, to) \
    _Pragma("unroll") for (uint q = 0; q < QM; q++) { \
        float4 v = a_room[((half_) * BK + (l)) * (AP / 4) + q * (BM / TM) + ty]; \
        x[to][4 * q] = v.x; \
        x[to][4 * q + 1] = v.y; \
        x[to][4 * q + 2] = v.z; \
        x[to][4 * q + 3] = v.w; \
    } \
    _Pragma("unroll") for (uint q = 0; q < QN; q++) { \
        float4 v = b_room[((half_) * BK + (l)) * (BP / 4) + q * (BN / TN) + tx]; \
        w[to][4 * q] = v.x; \
        w[to][4 * q + 1] = v.y; \
        w[to][4 * q + 2] = v.z; \
        w[to][4 * q + 3] = v.w; \
    }

    float x[2][TM];
    float w[2][TN];
    FETCH(from)
    LAY(0)
    barrier(CLK_LOCAL_MEM_FENCE);
    uint now = 0;
    TAKE(0, 0, 0)
    for (uint step = from; step < to; step += BK) {
        int more = step + BK < to;
        if (more) {
            FETCH(step + BK)
        }
#pragma unroll
        for (uint l = 0; l < BK; l++) {
            if (l + 1 < BK) {
                TAKE(now, l + 1, (l + 1) % 2)
            } else {
                now = 1 - now;
                if (more) { // the half that was read until the last barrier
                    LAY(now)
                }
                barrier(CLK_LOCAL_MEM_FENCE);
                TAKE(now, 0, 0)
            }
#pragma unroll
            for (uint i = 0; i < TM; i++) {
#pragma unroll
                for (uint j = 0; j < TN; j++) {
                    c[i][j] = mad(x[l % 2][i], w[l % 2][j], c[i][j]);
                }
            }
        }
    }

    int y_whole = n % 4 == 0 && ((size_t) part * m * n) % 4 == 0;
#pragma unroll
    for (uint i = 0; i < TM; i++) {
        uint row = row_from + i / 4 * (4 * BM / TM) + ty * 4 + i % 4;
#pragma unroll
        for (uint q = 0; q < QN; q++) {
            uint col = col_from + q * (4 * BN / TN) + tx * 4;
            size_t at = (size_t) row * n + col;
            if (row < m && y_whole && col + 4 <= n) {
                float4 v = (float4)(c[i][4 * q], c[i][4 * q + 1], c[i][4 * q + 2], c[i][4 * q + 3]);
                v = bias ? v + vload4(0, bias + col) : v;
                *(global float4 *) (y + at) = residual ? v + *(const global float4 *) (residual + at) : v;
            } else if (row < m) {
#pragma unroll
                for (uint j = 0; j < 4; j++) {
                    if (col + j < n) {
                        float v = c[i][4 * q + j];
                        v = bias ? v + bias[col + j] : v;
                        y[at + j] = residual ? v + residual[at + j] : v;
                    }
                }
            }
        }
    }
}
