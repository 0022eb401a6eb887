// Convolutions of images [batch, channels, height, width] with square windows, and the gradient of their weights, as
// products whose second operand is never stored: what a window sees is read from the image when its block goes to local
// memory.
//
//   convolution                   y [out, pixels of y]       = w [out, (ky, kx, c)]      windows of x
//   convolution_weight_gradient   dw [out, (c, ky, kx)]      = dy [out, pixels of y]     windows of x, transposed
//
// The sum of a convolution goes over the places in the window first: all steps of a place read the image at the same
// distance, inside or not, channel after channel. Its weights are laid out for that before. The gradient of the images is
// the convolution of dy with the mirrored weights where the stride is 1.
//
// Pixels count on through the batch. Blocks are those of matmul_gpu.cl: a group has BM x BN numbers, an item TM x TN of them
// in quads of 4 x 4; BK steps of the sum are in local memory while the next ones arrive in registers.

#ifndef WINDOW
#define WINDOW 3
#endif
#ifndef BM
#define BM 64
#endif
#ifndef BN
#define BN 64
#endif
#ifndef BK
#define BK 16
#endif
#ifndef TM
#define TM 4
#endif
#ifndef TN
#define TN 4
#endif

#define AREA (WINDOW * WINDOW)
#define ITEMS ((BM / TM) * (BN / TN)) // a multiple of BN and BK
#define QM (TM / 4)
#define QN (TN / 4)
#define AP (BM + 4)
#define BP (BN + 4)
#define AN (BM * BK / ITEMS) // numbers of a block that an item moves
#define BC (BN * BK / ITEMS)

#define BLOCKED kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1)))

#define SIZES \
    int batch, int channels, int height, int width, int out, int out_height, int out_width, int stride, int padding

// c = sum over steps of A B: A is what this item fetches of row `row`, B what it fetches as number u of a block, ADVANCE goes
// on to the next BK steps.
// Number u of a block is at row, or column, u / BK and step u % BK where steps are neighbours in memory, else at column
// u % BN and step u / BN. Padded rows: an item's stores meet other banks than its neighbours'.
#define MULTIPLY(STEPS, A, B_COLUMN, B_STEP, B, ADVANCE) \
    local float4 a_room[BK * AP / 4]; \
    local float4 b_room[BK * BP / 4]; \
    local float *a_tile = (local float *) a_room; \
    local float *b_tile = (local float *) b_room; \
    uint ty = lane / (BN / TN); \
    uint tx = lane % (BN / TN); \
    float c[TM][TN]; \
    _Pragma("unroll") for (uint i = 0; i < TM; i++) { \
        _Pragma("unroll") for (uint j = 0; j < TN; j++) { \
            c[i][j] = 0; \
        } \
    } \
    float a_next[AN]; \
    float b_next[BC]; \
    int steps_ = (STEPS); \
    for (int n = 0; n <= steps_; n++) { \
        if (n < steps_) { \
            _Pragma("unroll") for (uint q = 0; q < AN; q++) { \
                int row = row_from + (lane + q * ITEMS) / BK; \
                a_next[q] = A; \
            } \
            _Pragma("unroll") for (uint q = 0; q < BC; q++) { \
                uint u = lane + q * ITEMS; \
                b_next[q] = B; \
            } \
            ADVANCE \
        } \
        if (n > 0) { \
            _Pragma("unroll") for (uint l = 0; l < BK; l++) { \
                float x_[TM]; \
                float w_[TN]; \
                _Pragma("unroll") for (uint q = 0; q < QM; q++) { \
                    vstore4(a_room[l * (AP / 4) + q * (BM / TM) + ty], q, x_); \
                } \
                _Pragma("unroll") for (uint q = 0; q < QN; q++) { \
                    vstore4(b_room[l * (BP / 4) + q * (BN / TN) + tx], q, w_); \
                } \
                _Pragma("unroll") for (uint i = 0; i < TM; i++) { \
                    _Pragma("unroll") for (uint j = 0; j < TN; j++) { \
                        c[i][j] = mad(x_[i], w_[j], c[i][j]); \
                    } \
                } \
            } \
            barrier(CLK_LOCAL_MEM_FENCE); \
        } \
        if (n < steps_) { \
            _Pragma("unroll") for (uint q = 0; q < AN; q++) { \
                uint u = lane + q * ITEMS; \
                a_tile[u % BK * AP + u / BK] = a_next[q]; \
            } \
            _Pragma("unroll") for (uint q = 0; q < BC; q++) { \
                uint u = lane + q * ITEMS; \
                b_tile[(B_STEP) * BP + B_COLUMN] = b_next[q]; \
            } \
            barrier(CLK_LOCAL_MEM_FENCE); \
        } \
    }

// x[c, iy, ix] for element k = (c, ky, kx) of a window, zero outside
static float under(const global float *x, int k, int top, int left, int height, int width) {
#if WINDOW == 1
    int iy = top;
    int ix = left;
#else
    int iy = top + k % AREA / WINDOW;
    int ix = left + k % WINDOW;
#endif
    int inside = iy >= 0 && iy < height && ix >= 0 && ix < width;
    return inside ? x[(k / AREA * height + iy) * width + ix] : 0;
}

// c to images [batch, rows, pixels]: four neighbouring pixels at once where a picture has a multiple of four
#define TO_IMAGES(ys, pixels) \
    _Pragma("unroll") for (uint q = 0; q < QN; q++) { \
        int column = column_from + q * (4 * BN / TN) + tx * 4; \
        _Pragma("unroll") for (uint i = 0; i < TM; i++) { \
            int row = row_from + i / 4 * (4 * BM / TM) + ty * 4 + i % 4; \
            if (row < rows && (pixels) % 4 == 0 && column < columns) { \
                global float *to_ = ys + ((size_t) (column / (pixels)) * rows + row) * (pixels) + column % (pixels); \
                *(global float4 *) to_ = (float4) (c[i][4 * q], c[i][4 * q + 1], c[i][4 * q + 2], c[i][4 * q + 3]); \
            } else if (row < rows) { \
                _Pragma("unroll") for (int j = 0; j < 4; j++) { \
                    int one = column + j; \
                    if (one < columns) { \
                        ys[((size_t) (one / (pixels)) * rows + row) * (pixels) + one % (pixels)] = c[i][4 * q + j]; \
                    } \
                } \
            } \
        } \
    }

// to[o, ky, kx, c] = w[o, c, ky, kx], or mirrored to[c, ky, kx, o] = w[o, c, WINDOW - 1 - ky, WINDOW - 1 - kx]
kernel void lay_out_weights(int out, int channels, int mirrored, const global float *ws, global float *to) {
    int i = get_global_id(0);
    if (i < out * channels * AREA) {
        int inner = mirrored ? out : channels;
        int last = i % inner;
        int place = i / inner % AREA;
        int first = i / inner / AREA;
        int o = mirrored ? last : first;
        int c = mirrored ? first : last;
        to[i] = ws[(o * channels + c) * AREA + (mirrored ? AREA - 1 - place : place)];
    }
}

// ws [out, (ky, kx, c)]
BLOCKED void convolution(SIZES, const global float *xs, const global float *ws, global float *ys) {
    int pixels = out_height * out_width;
    int rows = out;
    int columns = batch * pixels;
    int area = height * width;
    uint lane = get_local_id(0);
    int row_from = get_group_id(0) % ((out + BM - 1) / BM) * BM;
    int column_from = get_group_id(0) / ((out + BM - 1) / BM) * BN;
    int mine = column_from + lane % BN;
    int exists = mine < columns;
    mine = min(mine, columns - 1);
    int iy = mine % pixels / out_width * stride - padding;
    int ix = mine % out_width * stride - padding;
    const global float *x = xs + (size_t) (mine / pixels) * channels * area;
    int a_step = lane % BK;
    int b_step = lane / BN;
    // the place in the window and the channel of the next steps
    int place = 0;
    int channel = 0;
    int inside = exists && iy >= 0 && iy < height && ix >= 0 && ix < width;
    int at = iy * width + ix;
    MULTIPLY(AREA * ((channels + BK - 1) / BK),
             row < rows && channel + a_step < channels ? ws[((size_t) row * AREA + place) * channels + channel + a_step] : 0,
             u % BN, u / BN,
             inside && channel + b_step + (int) (q * (ITEMS / BN)) < channels
                 ? x[(channel + b_step + (int) (q * (ITEMS / BN))) * area + at] : 0,
             channel += BK;
             if (channel >= channels) {
                 channel = 0;
                 place++;
                 int y_ = iy + place / WINDOW;
                 int x_at = ix + place % WINDOW;
                 inside = exists && y_ >= 0 && y_ < height && x_at >= 0 && x_at < width;
                 at = y_ * width + x_at;
             })
    TO_IMAGES(ys, pixels)
}

// parts[slice, o, (c, ky, kx)] = sum over the slice's `length` pixels, a multiple of BK
BLOCKED void convolution_weight_gradient(
    SIZES, int length, const global float *xs, const global float *dys, global float *parts) {
    int pixels = out_height * out_width;
    int rows = out;
    int columns = channels * AREA;
    int area = height * width;
    int down = (rows + BM - 1) / BM;
    int across = (columns + BN - 1) / BN;
    int slice = get_group_id(0) / (down * across);
    int to = min((slice + 1) * length, batch * pixels);
    uint lane = get_local_id(0);
    int row_from = get_group_id(0) % down * BM;
    int column_from = get_group_id(0) / down % across * BN;
    // this item's pixel of the next steps
    int mine = slice * length + lane % BK;
    int b = mine / pixels;
    int pixel = mine % pixels;
    int oy = pixel / out_width;
    int ox = pixel % out_width;
    MULTIPLY((to - slice * length + BK - 1) / BK,
             row < rows && mine < to ? dys[((size_t) b * out + row) * pixels + pixel] : 0,
             u / BK, u % BK,
             mine < to && column_from + (int) (u / BK) < columns
                 ? under(xs + (size_t) b * channels * area, column_from + u / BK, oy * stride - padding,
                         ox * stride - padding, height, width) : 0,
             mine += BK;
             pixel += BK;
             ox += BK;
             while (ox >= out_width) {
                 ox -= out_width;
                 oy++;
             }
             while (pixel >= pixels) {
                 pixel -= pixels;
                 oy -= out_height;
                 b++;
             })
    global float *part = parts + (size_t) slice * rows * columns;
#pragma unroll
    for (uint i = 0; i < TM; i++) {
        int row = row_from + i / 4 * (4 * BM / TM) + ty * 4 + i % 4;
#pragma unroll
        for (uint j = 0; j < TN; j++) {
            int column = column_from + j / 4 * (4 * BN / TN) + tx * 4 + j % 4;
            if (row < rows && column < columns) {
                part[(size_t) row * columns + column] = c[i][j];
            }
        }
    }
}
