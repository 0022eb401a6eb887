// y = op(a) op(b) [+ bias] [+ residual] for CPU drivers: wide vectors, a tile in registers, no barrier.
//
//   pack_*    lay op(b) [k, n] out in panels of NR columns, [panel][k][NR] with zeros beyond column n: the inner loop
//             reads it front to back in whole vectors. Behind the panels stand the bias and a row of zeros.
//   matmul_*  one work-item owns `chunk` blocks of MR rows and `group` panels. It copies MR rows of op(a) into private
//             memory, at a stride that cache sets do not repeat, and keeps an MR x NR tile of y in registers over KC
//             steps of k: a step is NV loads, MR broadcasts and MR NV fused multiply-adds.
//
// A number of y is summed over ascending k within a block of KC steps, and over blocks in ascending order.

#ifndef WIDTH
#define WIDTH 8 // floats of a vector register
#endif
#ifndef NV
#define NV (WIDTH > 8 ? 4 : 2) // vectors in a row of the tile: MR NV + NV + 1 must fit into the registers
#endif
#ifndef MR
#define MR 6 // rows of the tile
#endif
#ifndef KC
#define KC 1024 // steps of k between two visits to y: MR KC floats should stay in the first-level cache
#endif

#define NR (WIDTH * NV)
typedef GLUE(float, WIDTH) wide;
// A vector at any float: one instruction, where PoCL's vstore is several.
typedef wide loose __attribute__((aligned(4)));
#define LOAD(p) (*(const global loose *)(p))
#define STORE(x, p) (*(global loose *)(p) = (x))

// mad() rounds twice on PoCL and takes twice the time; fma() is one instruction only where the hardware has it.
#if defined(FP_FAST_FMAF) || defined(__FMA__) || defined(__ARM_FEATURE_FMA)
#define FMA fma
#else
#define FMA mad
#endif

// ---- packing

#define STEPS 64 // rows of op(b) that one work-item packs

// Behind the panels: the bias, or zeros, for their columns, then NR zeros.
static inline void pack_bias(int panels, int panel, int cols, global const float *bias, global float *behind) {
    for (int j = 0; j < NR; j++) {
        behind[panel * NR + j] = bias && j < cols ? bias[panel * NR + j] : 0.0f;
    }
    if (panel == 0) {
        for (int j = 0; j < NR; j++) {
            behind[panels * NR + j] = 0.0f;
        }
    }
}

// Numbers of one packed operand of a batch.
#define PACKED(panels, k) ((size_t)(((size_t)(panels) * ((k) + 1) + 1) * NR))

// b is stored [k, n]. Global size [panels, k / STEPS rounded up, batch].
kernel void pack_rows(int n, int k, global const float *b, global const float *bias, global float *packed) {
    int panels = get_global_size(0);
    int panel = get_global_id(0);
    int from = get_global_id(1) * STEPS;
    int to = min(from + STEPS, k);
    int cols = min(NR, n - panel * NR);
    packed += get_global_id(2) * PACKED(panels, k);
    b += get_global_id(2) * n * k + (size_t)panel * NR;
    global float *out = packed + (size_t)panel * k * NR;
    for (int l = from; l < to; l++) {
        if (cols == NR) {
#pragma unroll
            for (int v = 0; v < NV; v++) {
                STORE(LOAD(b + (size_t)l * n + v * WIDTH), out + (size_t)l * NR + v * WIDTH);
            }
        } else {
            for (int j = 0; j < NR; j++) {
                out[(size_t)l * NR + j] = j < cols ? b[(size_t)l * n + j] : 0.0f;
            }
        }
    }
    if (from == 0) {
        pack_bias(panels, panel, cols, bias, packed + (size_t)panels * k * NR);
    }
}

// b is stored [n, k]: blocks of WIDTH x WIDTH are transposed in registers. One step takes the even lanes of rows 2i and
// 2i + 1 as row i, the odd ones as row i + WIDTH / 2; log2(WIDTH) such steps are the transposition.
kernel void pack_columns(int n, int k, global const float *b, global const float *bias, global float *packed) {
    int panels = get_global_size(0);
    int panel = get_global_id(0);
    int from = get_global_id(1) * STEPS;
    int to = min(from + STEPS, k);
    int cols = min(NR, n - panel * NR);
    packed += get_global_id(2) * PACKED(panels, k);
    b += get_global_id(2) * n * k + (size_t)panel * NR * k;
    global float *out = packed + (size_t)panel * k * NR;
    int l = from;
    if (cols == NR) {
        for (; l + WIDTH <= to; l += WIDTH) {
            for (int v = 0; v < NV; v++) {
                wide rows[WIDTH];
#pragma unroll
                for (int j = 0; j < WIDTH; j++) {
                    rows[j] = LOAD(b + (size_t)(v * WIDTH + j) * k + l);
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
                    STORE(rows[j], out + (size_t)(l + j) * NR + v * WIDTH);
                }
            }
        }
    }
    for (; l < to; l++) {
        for (int j = 0; j < NR; j++) {
            out[(size_t)l * NR + j] = j < cols ? b[(size_t)j * k + l] : 0.0f;
        }
    }
    if (from == 0) {
        pack_bias(panels, panel, cols, bias, packed + (size_t)panels * k * NR);
    }
}

// ---- the tile

#define ROW_PAD (KC + WIDTH) // not a multiple of the page: rows do not fight for the same cache sets
#define MR_PAD ((MR + 3) / 4 * 4)
#define BLOCK (MR * ROW_PAD > MR_PAD * KC ? MR * ROW_PAD : MR_PAD * KC)

// Sizes that a caller passes as literals are constants after inlining, and loops over them unroll into registers.
#define TEMPLATE static inline __attribute__((always_inline))

// y[0..rows, 0..cols] = bias + start + block b for `vectors` vectors of columns. block holds element (r, l) at
// r rowStep + l depthStep; row r of start lies at r startStep (0 repeats a row of zeros, n goes on with y or residual).
TEMPLATE void tile(
    const int vectors, const int rowStep, const int depthStep, const float *block, int depth, global const float *b,
    global const float *bias, global const float *start, int startStep, int rows, int cols, int n, global float *y) {
    wide c[MR][NV];
#pragma unroll
    for (int r = 0; r < MR; r++) {
#pragma unroll
        for (int v = 0; v < NV; v++) {
            c[r][v] = v < vectors ? LOAD(bias + v * WIDTH) : (wide)(0.0f);
        }
    }
#pragma unroll 1
    for (int l = 0; l < depth; l++) {
        wide bs[NV];
#pragma unroll
        for (int v = 0; v < NV; v++) {
            bs[v] = v < vectors ? LOAD(b + l * NR + v * WIDTH) : (wide)(0.0f);
        }
#pragma unroll
        for (int r = 0; r < MR; r++) {
            wide x = (wide)(block[r * rowStep + l * depthStep]);
#pragma unroll
            for (int v = 0; v < NV; v++) {
                if (v < vectors) {
                    c[r][v] = FMA(x, bs[v], c[r][v]);
                }
            }
        }
    }
    if (rows == MR && cols >= vectors * WIDTH) {
#pragma unroll
        for (int r = 0; r < MR; r++) {
#pragma unroll
            for (int v = 0; v < NV; v++) {
                if (v < vectors) {
                    STORE(c[r][v] + LOAD(start + (size_t)r * startStep + v * WIDTH), y + (size_t)r * n + v * WIDTH);
                }
            }
        }
    } else {
        float edge[MR * NR];
#pragma unroll
        for (int r = 0; r < MR; r++) {
#pragma unroll
            for (int v = 0; v < NV; v++) {
                if (v < vectors) {
                    *(loose *)(edge + r * NR + v * WIDTH) = c[r][v];
                }
            }
        }
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < min(cols, vectors * WIDTH); j++) {
                y[(size_t)r * n + j] = edge[r * NR + j] + start[(size_t)r * startStep + j];
            }
        }
    }
}

// Copies rows of op(a) into the block; beyond the last row anything finite will do, since it is not stored.
TEMPLATE void copy_rows(int rows, int depth, int k, global const float *a, float *block) {
    for (int r = 0; r < MR; r++) {
        global const float *in = a + (size_t)min(r, rows - 1) * k;
        float *out = block + r * ROW_PAD;
        int l = 0;
        for (; l + WIDTH <= depth; l += WIDTH) {
            *(loose *)(out + l) = LOAD(in + l);
        }
        for (; l < depth; l++) {
            out[l] = in[l];
        }
    }
}

TEMPLATE void copy_columns(int rows, int depth, int m, global const float *a, float *block) {
    if (rows == MR) {
        for (int l = 0; l < depth; l++) {
#pragma unroll
            for (int r = 0; r < MR; r++) {
                block[r + l * MR_PAD] = a[(size_t)l * m + r];
            }
        }
    } else {
        for (int l = 0; l < depth; l++) {
            for (int r = 0; r < MR; r++) {
                block[r + l * MR_PAD] = a[(size_t)l * m + min(r, rows - 1)];
            }
        }
    }
}

// One work-item's share of y. Global size [row chunks, panel groups, batch * slices]: slices of k write their parts of
// the sum one after the other.
TEMPLATE void share(
    const int transposed, float *block, int m, int n, int k, int chunk, int group, int slice, global const float *a,
    global const float *packed, global const float *residual, global float *y) {
    const int rowStep = transposed ? 1 : ROW_PAD;
    const int depthStep = transposed ? MR_PAD : 1;
    int panels = (n + NR - 1) / NR;
    int slices = (k + slice - 1) / slice;
    int z = get_global_id(2) / slices;
    int from = get_global_id(2) % slices * slice;
    int to = min(from + slice, k);
    a += (size_t)z * m * k;
    packed += z * PACKED(panels, k);
    y += get_global_id(2) * m * n;
    global const float *bias = packed + (size_t)panels * k * NR;
    global const float *zeros = bias + (size_t)panels * NR;
    int goesOn = residual != 0;
    residual = goesOn ? residual : zeros;
    int rowFrom = get_global_id(0) * chunk * MR;
    int rowTo = min(rowFrom + chunk * MR, m);
    int panelFrom = get_global_id(1) * group;
    int panelTo = min(panelFrom + group, panels);
    for (int l = from; l < to; l += KC) {
        int depth = min(KC, to - l);
        for (int i = rowFrom; i < rowTo; i += MR) {
            int rows = min(MR, rowTo - i);
            if (transposed) {
                copy_columns(rows, depth, m, a + (size_t)l * m + i, block);
            } else {
                copy_rows(rows, depth, k, a + (size_t)i * k + l, block);
            }
            for (int p = panelFrom; p < panelTo; p++) {
                int cols = n - p * NR;
                global const float *panel = packed + ((size_t)p * k + l) * NR;
                global float *out = y + (size_t)i * n + p * NR;
                global const float *shift = l == 0 ? bias + p * NR : zeros;
                global const float *start = l > from ? out : residual + (goesOn ? (size_t)i * n + p * NR : 0);
                int startStep = l > from || goesOn ? n : 0;
                if (cols > NR - WIDTH) {
                    tile(NV, rowStep, depthStep, block, depth, panel, shift, start, startStep, rows, cols, n, out);
                } else { // a narrow last panel: vector by vector
                    for (int j = 0; j < cols; j += WIDTH) {
                        tile(1, rowStep, depthStep, block, depth, panel + j, shift + j, start + j, startStep, rows,
                             cols - j, n, out + j);
                    }
                }
            }
        }
    }
}

// a is stored [m, k]
kernel void matmul_rows(
    int m, int n, int k, int chunk, int group, int slice, global const float *a, global const float *packed,
    global const float *residual, global float *y) {
    float block[BLOCK];
    share(0, block, m, n, k, chunk, group, slice, a, packed, residual, y);
}

// a is stored [k, m]
kernel void matmul_columns(
    int m, int n, int k, int chunk, int group, int slice, global const float *a, global const float *packed,
    global const float *residual, global float *y) {
    float block[BLOCK];
    share(1, block, m, n, k, chunk, group, slice, a, packed, residual, y);
}
