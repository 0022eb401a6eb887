// The matrix product y [m, n] = a [m, k] b [k, n] in rungs, for reading from top to bottom: each is correct and adds one idea. The
// shipped kernel is matmul_gpu.cl; its head draws the tiles. A device computes much faster than its memory delivers: a rung is
// faster than the one before because it computes more with each number it loads.

#define SIDE 16                // items of a work-group in each direction
#define OWN 4                 // rows and columns of an item from rung 3 on
#define BLOCK (SIDE * OWN)    // rows and columns of a work-group
#define DEPTH 16               // steps of k between two barriers

// 1. The definition: an item for each number of y. Two loads for two operations: memory decides.
kernel void definition(int m, int n, int k, const global float *a, const global float *b, global float *y) {
    int col = get_global_id(0);
    int row = get_global_id(1);
    if (row < m && col < n) {
        float sum = 0;
        for (int p = 0; p < k; p++) {
            sum += a[row * k + p] * b[p * n + col];
        }
        y[row * n + col] = sum;
    }
}

// 2. A tile in local memory: the 16 x 16 items of a group need the same 16 rows of a and 16 columns of b. They load 16 x 16
// numbers of each together, wait for each other, and use every number 16 times. Now local memory decides.
kernel __attribute__((reqd_work_group_size(SIDE, SIDE, 1))) void tile(
    int m, int n, int k, const global float *a, const global float *b, global float *y) {
    local float as[SIDE][SIDE];
    local float bs[SIDE][SIDE];
    int c = get_local_id(0);
    int r = get_local_id(1);
    int col = get_group_id(0) * SIDE + c;
    int row = get_group_id(1) * SIDE + r;
    float sum = 0;
    for (int from = 0; from < k; from += SIDE) {
        as[r][c] = row < m && from + c < k ? a[row * k + from + c] : 0;
        bs[r][c] = col < n && from + r < k ? b[(from + r) * n + col] : 0;
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int p = 0; p < SIDE; p++) {
            sum += as[r][p] * bs[p][c];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (row < m && col < n) {
        y[row * n + col] = sum;
    }
}

// What rungs 3 and 4 share: 16 steps of k of the group's 64 rows of a, turned so that a step's rows are neighbours, and of its
// 64 columns of b. Each of the 256 items loads 4 numbers of both.
void load_tiles(
    int m, int n, int k, int row0, int col0, int from, const global float *a, const global float *b, local float *as,
    local float *bs) {
    int item = get_local_id(1) * SIDE + get_local_id(0);
    for (int i = item; i < BLOCK * DEPTH; i += SIDE * SIDE) {
        int row = row0 + i / DEPTH;
        int p = from + i % DEPTH;
        as[i % DEPTH * BLOCK + i / DEPTH] = row < m && p < k ? a[row * k + p] : 0;
    }
    for (int i = item; i < BLOCK * DEPTH; i += SIDE * SIDE) {
        int p = from + i / BLOCK;
        int col = col0 + i % BLOCK;
        bs[i] = p < k && col < n ? b[p * n + col] : 0;
    }
}

// The item's 4 x 4 sums over the steps of a tile: 8 loads from local memory for 32 operations. Its columns are 16 apart, so that
// neighbouring items read neighbouring numbers.
void add_products(const local float *as, const local float *bs, float sums[OWN][OWN]) {
    for (int p = 0; p < DEPTH; p++) {
        float left[OWN];
        float right[OWN];
        for (int i = 0; i < OWN; i++) {
            left[i] = as[p * BLOCK + get_local_id(1) + i * SIDE];
            right[i] = bs[p * BLOCK + get_local_id(0) + i * SIDE];
        }
        for (int i = 0; i < OWN; i++) {
            for (int j = 0; j < OWN; j++) {
                sums[i][j] += left[i] * right[j];
            }
        }
    }
}

void store_sums(int m, int n, int row0, int col0, float sums[OWN][OWN], global float *y) {
    for (int i = 0; i < OWN; i++) {
        for (int j = 0; j < OWN; j++) {
            int row = row0 + get_local_id(1) + i * SIDE;
            int col = col0 + get_local_id(0) + j * SIDE;
            if (row < m && col < n) {
                y[row * n + col] = sums[i][j];
            }
        }
    }
}

// 3. Registers: an item computes 4 x 4 numbers of y, so each number it reads from local memory is used 4 times.
kernel __attribute__((reqd_work_group_size(SIDE, SIDE, 1))) void registers(
    int m, int n, int k, const global float *a, const global float *b, global float *y) {
    local float as[DEPTH * BLOCK];
    local float bs[DEPTH * BLOCK];
    int row0 = get_group_id(1) * BLOCK;
    int col0 = get_group_id(0) * BLOCK;
    float sums[OWN][OWN] = {{0}};
    for (int from = 0; from < k; from += DEPTH) {
        load_tiles(m, n, k, row0, col0, from, a, b, as, bs);
        barrier(CLK_LOCAL_MEM_FENCE);
        add_products(as, bs, sums);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    store_sums(m, n, row0, col0, sums, y);
}

// 4. Two buffers in turn: while a group multiplies one tile it loads the next, and one barrier a step is enough.
kernel __attribute__((reqd_work_group_size(SIDE, SIDE, 1))) void double_buffer(
    int m, int n, int k, const global float *a, const global float *b, global float *y) {
    local float as[2][DEPTH * BLOCK];
    local float bs[2][DEPTH * BLOCK];
    int row0 = get_group_id(1) * BLOCK;
    int col0 = get_group_id(0) * BLOCK;
    float sums[OWN][OWN] = {{0}};
    int now = 0;
    load_tiles(m, n, k, row0, col0, 0, a, b, as[0], bs[0]);
    for (int from = 0; from < k; from += DEPTH) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (from + DEPTH < k) {
            load_tiles(m, n, k, row0, col0, from + DEPTH, a, b, as[1 - now], bs[1 - now]);
        }
        add_products(as[now], bs[now], sums);
        now = 1 - now;
    }
    store_sums(m, n, row0, col0, sums, y);
}
