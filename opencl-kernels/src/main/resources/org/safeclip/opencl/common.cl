// What every kernel file begins with. One source serves two families of devices by two sizes:
//
//   LANES  work-items of a work-group, who share a row or a run of numbers and meet in local memory; a power of two.
//          1 on CPU drivers: then there is no local memory and no barrier, and a group is an ordinary call.
//   V      numbers a work-item takes at a time: 16 on CPU drivers, 1 on GPUs, whose neighbours read neighbouring numbers.
//
// Sizes are uint, so that the last vector of 2^31 numbers does not wrap. Sums run in an order given by sizes, LANES and V.

#ifndef LANES
#define LANES 1
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
#else
typedef GLUE(float, V) vec;
#define VLOAD(x) GLUE(vload, V)(0, x)
#define VSTORE(v, y) GLUE(vstore, V)(v, 0, y)
#endif

#define KERNEL kernel __attribute__((reqd_work_group_size(LANES, 1, 1)))
#define LANE ((uint) get_local_id(0))
#define GROUP ((uint) get_group_id(0))

// Walks over n numbers: a group has `per` vectors for each of its lanes, and neighbouring lanes take neighbouring ones.
#define EACH(i, n, per) \
    for (uint i = (GROUP * (per) * LANES + LANE) * V, i##_left = (per); i##_left > 0 && i < (n); \
         i += LANES * V, i##_left--)

// Walks over the rows of a group, `per` of them.
#define ROWS(r, rows, per) for (uint r = GROUP * (per); r < min((rows), (GROUP + 1) * (per)); r++)

// Walks over the columns of a row, the lanes side by side.
#define COLUMNS(c, cols) for (uint c = LANE * V; c < (cols); c += LANES * V)

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
    return VLOAD(part);
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
    VSTORE(v, part);
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

// One number of the whole group, which every lane gets. All lanes must come here.
#if LANES == 1
#define SCRATCH
#define GROUP_SUM(x) (x)
#define GROUP_MAX(x) (x)
#else
#define SCRATCH local float scratch[LANES];
#define GROUP_SUM(x) group_sum(x, scratch)
#define GROUP_MAX(x) group_max(x, scratch)
#define MEET_IN_GROUP(NAME, MEET) \
    float NAME(float mine, local float *scratch) { \
        scratch[LANE] = mine; \
        barrier(CLK_LOCAL_MEM_FENCE); \
        for (uint half_ = LANES / 2; half_ > 0; half_ /= 2) { \
            if (LANE < half_) { \
                scratch[LANE] = MEET(scratch[LANE], scratch[LANE + half_]); \
            } \
            barrier(CLK_LOCAL_MEM_FENCE); \
        } \
        float all_ = scratch[0]; \
        barrier(CLK_LOCAL_MEM_FENCE); \
        return all_; \
    }
MEET_IN_GROUP(group_sum, PLUS)
MEET_IN_GROUP(group_max, fmax)
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
