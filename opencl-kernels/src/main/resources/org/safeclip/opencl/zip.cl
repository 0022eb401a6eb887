// y[o, c, i] = f(a[o, c, i], b[c]) for a of n numbers, b of count, each for inner neighbours: the kernel of a Binary is zip_
// and its name.

// The numbers of b that meet a[i .. i + V).
vec met(const global float *b, uint i, uint n, uint count, uint inner) {
    uint c = i / inner % count;
#if V == 1
    return b[c];
#else
    if (inner == 1 && c + V <= count && (V != 4 || c % 4 == 0)) {
        return VLOAD(b + c);
    }
    if (i % inner + V <= inner) {
        return (vec) (b[c]);
    }
    float part[V];
    for (uint j = 0; j < V; j++) {
        part[j] = i + j < n ? b[(i + j) / inner % count] : 1;
    }
    return GATHERED(part);
#endif
}

#define ZIP(NAME, FORMULA) \
    KERNEL void zip_##NAME( \
        uint n, uint per, uint count, uint inner, const global float *as, const global float *bs, global float *ys) { \
        EACH(i, n, per) { \
            vec a = load(as, i, n, 1); \
            vec b = met(bs, i, n, count, inner); \
            store(FORMULA, ys, i, n); \
        } \
    }

vec gelu_slope(vec x) {
    vec hill = bell(x);
    return normal(x, hill) + x * hill * 0.3989422804f;
}

// With (1 - tanh^2 u) / 2 = 2 e / (1 + e)^2, e = e^-2|u|: the difference of 1 and a rounded tanh^2, times x^3, would grow
// without end.
vec gelu_tanh_slope(vec x) {
    vec u = gelu_argument(x);
    vec e = exp(-2 * fabs(u));
    vec half_slope = 2 * e / ((1 + e) * (1 + e));
    return tanh_share(u) + x * half_slope * 0.7978845608f * (1 + 0.134145f * x * x);
}

vec quick_gelu_slope(vec x) {
    vec s = sigmoid(1.702f * x);
    return s + 1.702f * x * s * (1 - s);
}

ZIP(add, a + b)
ZIP(sub, a - b)
ZIP(mul, a * b)
ZIP(div, a / b)
ZIP(relu_gradient, a > (vec) (0) ? b : (vec) (0))
ZIP(gelu_gradient, b * gelu_slope(a))
ZIP(gelu_tanh_gradient, b * gelu_tanh_slope(a))
ZIP(quick_gelu_gradient, b * quick_gelu_slope(a))
ZIP(tanh_gradient, b * (1 - a * a))
ZIP(sigmoid_gradient, b * a * (1 - a))
