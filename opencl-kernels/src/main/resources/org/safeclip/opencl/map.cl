// y[i] = f(x[i]): the kernel of a Unary is map_ and its name, since exp alone is a function of OpenCL C.

#define MAP(NAME, FORMULA) \
    KERNEL void map_##NAME(uint n, uint per, const global float *xs, global float *ys) { \
        EACH(i, n, per) { \
            vec x = load(xs, i, n, 1); \
            store(FORMULA, ys, i, n); \
        } \
    }

MAP(neg, -x)
MAP(exp, exp(x))
MAP(log, log(x))
MAP(sqrt, sqrt(x))
MAP(tanh, tanh(x))
MAP(sigmoid, sigmoid(x))
MAP(relu, fmax(x, (vec) (0)))
MAP(gelu, x * normal(x, bell(x)))
MAP(gelu_tanh, x * tanh_share(gelu_argument(x)))
MAP(quick_gelu, x * sigmoid(1.702f * x))

// y[i] = value
KERNEL void fill(uint n, uint per, float value, global float *ys) {
    EACH(i, n, per) {
        store((vec) (value), ys, i, n);
    }
}

// y[i] = scale x[i] + shift
KERNEL void affine(uint n, uint per, float scale, float shift, const global float *xs, global float *ys) {
    EACH(i, n, per) {
        store(scale * load(xs, i, n, 0) + shift, ys, i, n);
    }
}

// y[i] = x[i] brought into low ... high; NaN stays
KERNEL void clamp_between(uint n, uint per, float low, float high, const global float *xs, global float *ys) {
    EACH(i, n, per) {
        vec x = load(xs, i, n, 0);
        x = x < (vec) (low) ? (vec) (low) : x;
        store(x > (vec) (high) ? (vec) (high) : x, ys, i, n);
    }
}

// y[i] = keep y[i] + take x[i]
KERNEL void moving_average(uint n, uint per, float keep, float take, const global float *xs, global float *ys) {
    EACH(i, n, per) {
        store(keep * load(ys, i, n, 0) + take * load(xs, i, n, 0), ys, i, n);
    }
}
