// One AdamW step over n parameters, in place: m and v move towards g and g^2, then p -= rate decay p + rate m' / (sqrt(v') + e)
// with m' = m / correction1, v' = v / correction2 (Loshchilov and Hutter 2019).
KERNEL void adamw(
    uint n, uint per, float rate, float decay, float beta1, float beta2, float epsilon, float correction1, float correction2,
    global float *ps, const global float *gs, global float *ms, global float *vs) {
    EACH(i, n, per) {
        vec p = load(ps, i, n, 0);
        vec g = load(gs, i, n, 0);
        vec m = beta1 * load(ms, i, n, 0) + (1 - beta1) * g;
        vec v = beta2 * load(vs, i, n, 0) + (1 - beta2) * g * g;
        store(m, ms, i, n);
        store(v, vs, i, n);
        vec move = m / correction1 / (sqrt(v / correction2) + epsilon);
        store(p - rate * decay * p - rate * move, ps, i, n);
    }
}

// The same over up to 16 blocks of parameters in one launch: a group has 256 items and 4 numbers for each of them. Block s has n_s
// numbers and the groups from first_s on; bit s of `decays` says whether its parameters decay.

#define MANY_ITEMS 256
#define MANY_NUMBERS 4
#define BLOCK(H) global float *p##H, const global float *g##H, global float *m##H, global float *v##H
#define PICK(S, H) \
    case S: \
        p = p##H, g = g##H, m = m##H, v = v##H, n = ns.s##H, start = firsts.s##H; \
        break;

kernel __attribute__((reqd_work_group_size(MANY_ITEMS, 1, 1))) void adamw_many(
    float rate, float decay, float beta1, float beta2, float epsilon, float correction1, float correction2, uint decays,
    int16 ns, int16 firsts,
    BLOCK(0), BLOCK(1), BLOCK(2), BLOCK(3), BLOCK(4), BLOCK(5), BLOCK(6), BLOCK(7),
    BLOCK(8), BLOCK(9), BLOCK(a), BLOCK(b), BLOCK(c), BLOCK(d), BLOCK(e), BLOCK(f)) {
    int group = get_group_id(0);
    int s = part_of(group, firsts);
    global float *p, *m, *v;
    const global float *g;
    int n, start;
    switch (s) {
        PICK(0, 0)
        PICK(1, 1)
        PICK(2, 2)
        PICK(3, 3)
        PICK(4, 4)
        PICK(5, 5)
        PICK(6, 6)
        PICK(7, 7)
        PICK(8, 8)
        PICK(9, 9)
        PICK(10, a)
        PICK(11, b)
        PICK(12, c)
        PICK(13, d)
        PICK(14, e)
        default:
            p = pf, g = gf, m = mf, v = vf, n = ns.sf, start = firsts.sf;
    }
    float keep = decays >> s & 1 ? rate * decay : 0;
    int from = (group - start) * MANY_ITEMS * MANY_NUMBERS + (int) get_local_id(0);
    for (int k = 0; k < MANY_NUMBERS; k++) {
        int i = from + k * MANY_ITEMS;
        if (i < n) {
            float first = beta1 * m[i] + (1 - beta1) * g[i];
            float second = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
            m[i] = first;
            v[i] = second;
            float move = first / correction1 / (sqrt(second / correction2) + epsilon);
            p[i] = p[i] - keep * p[i] - rate * move;
        }
    }
}
