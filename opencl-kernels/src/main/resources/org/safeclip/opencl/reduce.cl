// Reductions: the kernels of a Reduction are its name with _rows and _columns. A long run is split into pieces of `length`,
// whose results are reduced again by the next launch; the split depends on sizes alone.

#define REDUCTION(NAME, START, MEET, ACROSS_VECTOR, ACROSS_GROUP) \
    /* y[row, piece] = reduction of x[row, piece * length .. + length): units = rows * pieces, `per` of them a group */ \
    KERNEL void NAME##_rows( \
        uint units, uint per, uint pieces, uint cols, uint length, const global float *xs, global float *ys) { \
        SCRATCH \
        ROWS(unit, units, per) { \
            uint from = unit % pieces * length; \
            const global float *x = xs + (size_t) (unit / pieces) * cols + from; \
            uint n = min(length, cols - from); \
            vec mine = (vec) (START); \
            COLUMNS(c, n) { \
                mine = MEET(mine, load(x, c, n, START)); \
            } \
            float all = ACROSS_GROUP(ACROSS_VECTOR(mine)); \
            if (LANE == 0) { \
                ys[unit] = all; \
            } \
        } \
    } \
    \
    /* y[piece, c] = reduction of x[piece * length .. + length, c]: a group has one piece and LANES * V columns */ \
    KERNEL void NAME##_columns( \
        uint rows, uint cols, uint length, uint blocks, const global float *xs, global float *ys) { \
        uint piece = GROUP / blocks; \
        uint c = (GROUP % blocks * LANES + LANE) * V; \
        if (c < cols) { \
            vec mine = (vec) (START); \
            for (uint r = piece * length; r < min(rows, (piece + 1) * length); r++) { \
                mine = MEET(mine, load(xs + (size_t) r * cols, c, cols, START)); \
            } \
            store(mine, ys + (size_t) piece * cols, c, cols); \
        } \
    }

REDUCTION(sum, 0, PLUS, sum_of, GROUP_SUM)
REDUCTION(max, -INFINITY, fmax, max_of, GROUP_MAX)
