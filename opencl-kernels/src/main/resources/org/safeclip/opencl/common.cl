// What every kernel file begins with. One source serves two families of devices by three sizes:
//
//   LANES      work-items of a work-group, who share rows or a run of numbers and meet in local memory; a power of two.
//              1 on CPU drivers: then there is no local memory and no barrier, and a group is an ordinary call.
//   ROW_LANES  those who share one row, a power of two; a group has LANES / ROW_LANES rows at a time.
//   V          numbers a work-item takes at a time: 16 on CPU drivers; on GPUs 4 where every row begins at a multiple of 4
//              numbers, which the host knows, else 1. Neighbours read neighbouring numbers.
//
// Sizes are uint, so that the last vector of 2^31 numbers does not wrap. Sums run in an order given by sizes, LANES,
// ROW_LANES and V.

#ifndef LANES
#define LANES 1
#endif
#ifndef ROW_LANES
#define ROW_LANES LANES
#endif
#ifndef V
#define V 16
#endif

#define GLUE_(a, b) a##b
#define GLUE(a, b) GLUE_(a, b)

#if V == 1
typedef float vec;
#define VLOAD(x) (*(x))
#define VSTORE(v, y) (*(y) = (v))
#elif V == 4
typedef float4 vec;
#define VLOAD(x) (*(const global vec *) (x))
#define VSTORE(v, y) (*(global vec *) (y) = (v))
#else
typedef GLUE(float, V) vec;
#define VLOAD(x) GLUE(vload, V)(0, x)
#define VSTORE(v, y) GLUE(vstore, V)(v, 0, y)
#endif

#if V > 1
#define GATHERED(part) GLUE(vload, V)(0, part) // of private numbers
#define SCATTERED(v, part) GLUE(vstore, V)(v, 0, part)
#endif

#define KERNEL kernel __attribute__((reqd_work_group_size(LANES, 1, 1)))
#define ITEM ((uint) get_local_id(0))
#define GROUP ((uint) get_group_id(0))
#define SLOTS (LANES / ROW_LANES)
#define SLOT (ITEM / ROW_LANES)      // which of the group's rows is this item's
#define LANE (ITEM % ROW_LANES)      // and which part of the row

// Walks over n numbers: a group has `per` vectors for each of its items, and neighbouring items take neighbouring ones.
#define EACH(i, n, per) \
    for (uint i = (GROUP * (per) * LANES + ITEM) * V, i##_left = (per); i##_left > 0 && i < (n); \
         i += LANES * V, i##_left--)

// Walks over the rows of a group, each of n numbers. On GPUs a slot has one row; without any left it has n = 0 numbers of
// the last row, so that all items come to every barrier.
#if LANES == 1
#define ROWS(r, n, rows, cols, per) \
    for (uint r = GROUP * (per), n = (cols); r < min((rows), (GROUP + 1) * (per)); r++)
#define ONCE(n) if (1)
#else
#define ROWS(r, n, rows, cols, per) \
    for (uint r = min(GROUP * SLOTS + SLOT, (rows) - 1), n = GROUP * SLOTS + SLOT < (rows) ? (cols) : 0, r##_left = 1; \
         r##_left > 0; r##_left--)
#define ONCE(n) if (LANE == 0 && (n) > 0) // what one item does for the row
#endif

// Walks over the n columns of a row, the lanes side by side.
#define COLUMNS(c, n) for (uint c = LANE * V; c < (n); c += ROW_LANES * V)

// x[i .. i + V), with `rest` beyond n.
vec load(const global float *x, uint i, uint n, float rest) {
#if V == 1
    return i < n ? x[i] : rest;
#else
    if (i + V <= n) {
        return VLOAD(x + i);
    }
    float part[V];
    for (uint j = 0; j < V; j++) {
        part[j] = i + j < n ? x[i + j] : rest;
    }
    return GATHERED(part);
#endif
}

// y[i .. i + V) = v, nothing beyond n.
void store(vec v, global float *y, uint i, uint n) {
#if V == 1
    if (i < n) {
        y[i] = v;
    }
#else
    if (i + V <= n) {
        VSTORE(v, y + i);
        return;
    }
    float part[V];
    SCATTERED(v, part);
    for (uint j = 0; j < V && i + j < n; j++) {
        y[i + j] = part[j];
    }
#endif
}

// One number of a vector, halves met with halves.
#if V == 1
#define ACROSS(v, MEET) return v;
#elif V == 4
#define ACROSS(v, MEET) float2 p2 = MEET(v.lo, v.hi); return MEET(p2.lo, p2.hi);
#elif V == 8
#define ACROSS(v, MEET) float4 p4 = MEET(v.lo, v.hi); float2 p2 = MEET(p4.lo, p4.hi); return MEET(p2.lo, p2.hi);
#else
#define ACROSS(v, MEET) \
    float8 p8 = MEET(v.lo, v.hi); float4 p4 = MEET(p8.lo, p8.hi); float2 p2 = MEET(p4.lo, p4.hi); \
    return MEET(p2.lo, p2.hi);
#endif

#define PLUS(a, b) ((a) + (b))

float sum_of(vec v) { ACROSS(v, PLUS) }
float max_of(vec v) { ACROSS(v, fmax) }

// One number of a whole row, which every lane of it gets, or of the whole group (ALL). All items must come here.
#if LANES == 1
#define SCRATCH
#define GROUP_SUM(x) (x)
#define GROUP_MAX(x) (x)
#define ALL_SUM(x) (x)
#else
#define SCRATCH local float scratch[LANES];
#define GROUP_SUM(x) group_sum(x, ROW_LANES, scratch)
#define GROUP_MAX(x) group_max(x, ROW_LANES, scratch)
#define ALL_SUM(x) group_sum(x, LANES, scratch)
// By halves while a row has more than FLAT numbers; those every lane meets for itself, in the same order, without a barrier.
#ifndef FLAT
#define FLAT 16
#endif
#define MEET_IN_GROUP(NAME, MEET) \
    float NAME(float mine, uint lanes, local float *scratch) { \
        uint lane_ = ITEM % lanes; \
        scratch[ITEM] = mine; \
        barrier(CLK_LOCAL_MEM_FENCE); \
        for (uint left_ = lanes; left_ > FLAT; left_ /= 2) { \
            if (lane_ < left_ / 2) { \
                scratch[ITEM] = MEET(scratch[ITEM], scratch[ITEM + left_ / 2]); \
            } \
            barrier(CLK_LOCAL_MEM_FENCE); \
        } \
        const local float *row_ = scratch + ITEM - lane_; \
        float all_ = row_[0]; \
        for (uint i_ = 1; i_ < min((uint) FLAT, lanes); i_++) { \
            all_ = MEET(all_, row_[i_]); \
        } \
        barrier(CLK_LOCAL_MEM_FENCE); \
        return all_; \
    }
MEET_IN_GROUP(group_sum, PLUS)
MEET_IN_GROUP(group_max, fmax)
#endif

// The vectors of a lane in all slots, met in the order of the slots. All items must come here.
#if SLOTS == 1
#define SLOT_SCRATCH
#define SLOTS_SUM(v) (v)
#define SLOTS_MAX(v) (v)
#else
#define SLOT_SCRATCH local vec slot_scratch[LANES];
#define SLOTS_SUM(v) slots_sum(v, slot_scratch)
#define SLOTS_MAX(v) slots_max(v, slot_scratch)
#define MEET_IN_SLOTS(NAME, MEET) \
    vec NAME(vec mine, local vec *scratch) { \
        scratch[ITEM] = mine; \
        barrier(CLK_LOCAL_MEM_FENCE); \
        vec all_ = scratch[LANE]; \
        for (uint slot_ = 1; slot_ < SLOTS; slot_++) { \
            all_ = MEET(all_, scratch[slot_ * ROW_LANES + LANE]); \
        } \
        barrier(CLK_LOCAL_MEM_FENCE); \
        return all_; \
    }
MEET_IN_SLOTS(slots_sum, PLUS)
MEET_IN_SLOTS(slots_max, fmax)
#endif

// ---- functions that several files use

vec sigmoid(vec x) {
    return 1 / (1 + exp(-x));
}

// e^(-x^2/2)
vec bell(vec x) {
    return exp(x * x * -0.5f);
}

// The normal distribution function: formula 7.1.26 of Abramowitz and Stegun for erf, absolute error below 1.5e-7.
vec normal(vec x, vec bell) {
    vec t = 1 / (fabs(x) * 0.23164189f + 1);
    vec p = t * 0.5307027145f - 0.7265760135f;
    p = p * t + 0.7107068705f;
    p = p * t - 0.142248368f;
    p = p * t + 0.127414796f;
    vec tail = p * t * bell;
    return x > (vec) (0) ? 1 - tail : tail;
}

// sqrt(2/pi) (x + 0.044715 x^3), the argument of tanh in the tanh form of GELU
vec gelu_argument(vec x) {
    return 0.7978845608f * (x + 0.044715f * x * x * x);
}

// (1 + tanh u) / 2 = 1 / (1 + e^-2u). Unlike a tanh that ends at 1 - 6e-8, as some drivers' does, it ends at 1.
vec tanh_share(vec u) {
    vec e = exp(-2 * fabs(u));
    return (u > (vec) (0) ? (vec) (1) : e) / (1 + e);
}

// Which of up to 16 parts of a launch a group belongs to, given the first group of each in ascending order.
int part_of(int group, int16 firsts) {
    int16 begun = group >= firsts; // -1 where it holds
    int8 eight = begun.lo + begun.hi;
    int4 four = eight.lo + eight.hi;
    int2 two = four.lo + four.hi;
    return -(two.lo + two.hi) - 1;
}
