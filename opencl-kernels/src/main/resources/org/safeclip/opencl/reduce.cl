// Reductions: the kernels of a Reduction are its name with _rows and _columns. A long run is split into pieces of `length`,
// whose results are reduced again by the next launch; the split depends on sizes alone.

#define REDUCTION(NAME, START, MEET, ACROSS_VECTOR, ACROSS_GROUP, ACROSS_SLOTS) \
    /* y[row, piece] = reduction of x[row, piece * length .. + length): units = rows * pieces, `per` of them a group */ \
    KERNEL void NAME##_rows( \
        uint units, uint per, uint pieces, uint cols, uint length, const global float *xs, global float *ys) { \
        SCRATCH \
        ROWS(unit, n, units, length, per) { \
            uint from = unit % pieces * length; \
            const global float *x = xs + (size_t) (unit / pieces) * cols + from; \
            uint end = min(n, cols - from); \
            vec mine = (vec) (START); \
            COLUMNS(c, end) { \
                mine = MEET(mine, load(x, c, end, START)); \
            } \
            float all = ACROSS_GROUP(ACROSS_VECTOR(mine)); \
            ONCE(n) { \
                ys[unit] = all; \
            } \
        } \
    } \
    \
    /* y[piece, c] = reduction of x[piece * length .. + length, c]: a group has one piece and ROW_LANES * V columns */ \
    KERNEL void NAME##_columns( \
        uint rows, uint cols, uint length, uint blocks, const global float *xs, global float *ys) { \
        SLOT_SCRATCH \
        uint piece = GROUP / blocks; \
        uint c = (GROUP % blocks * ROW_LANES + LANE) * V; \
        uint end = c < cols ? min(rows, (piece + 1) * length) : 0; \
        vec mine = (vec) (START); \
        for (uint r = piece * length + SLOT; r < end; r += SLOTS) { \
            mine = MEET(mine, load(xs + (size_t) r * cols, c, cols, START)); \
        } \
        vec all = ACROSS_SLOTS(mine); \
        if (SLOT == 0 && c < cols) { \
            store(all, ys + (size_t) piece * cols, c, cols); \
        } \
    }

REDUCTION(sum, 0, PLUS, sum_of, GROUP_SUM, SLOTS_SUM)
REDUCTION(max, -INFINITY, fmax, max_of, GROUP_MAX, SLOTS_MAX)
