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
