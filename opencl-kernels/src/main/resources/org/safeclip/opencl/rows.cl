// Kernels over rows of a matrix: a group has `per` rows, one after the other, and its lanes share the columns.

// y = e^(x - max) / sum
KERNEL void softmax(uint rows, uint cols, uint per, const global float *xs, global float *ys) {
    SCRATCH
    ROWS(r, rows, per) {
        const global float *x = xs + (size_t) r * cols;
        global float *y = ys + (size_t) r * cols;
        vec largest = (vec) (-INFINITY);
        COLUMNS(c, cols) {
            largest = fmax(largest, load(x, c, cols, -INFINITY));
        }
        float max = GROUP_MAX(max_of(largest));
        vec total = (vec) (0);
        COLUMNS(c, cols) {
            vec e = exp(load(x, c, cols, -INFINITY) - max);
            total += e;
            store(e, y, c, cols);
        }
        float scale = 1 / GROUP_SUM(sum_of(total));
        COLUMNS(c, cols) {
            store(load(y, c, cols, 0) * scale, y, c, cols);
        }
    }
}

// dx = y (dy - sum of dy y)
KERNEL void softmax_gradient(
    uint rows, uint cols, uint per, const global float *ys, const global float *dys, global float *dxs) {
    SCRATCH
    ROWS(r, rows, per) {
        const global float *y = ys + (size_t) r * cols;
        const global float *dy = dys + (size_t) r * cols;
        vec products = (vec) (0);
        COLUMNS(c, cols) {
            products += load(y, c, cols, 0) * load(dy, c, cols, 0);
        }
        float dot = GROUP_SUM(sum_of(products));
        COLUMNS(c, cols) {
            store(load(y, c, cols, 0) * (load(dy, c, cols, 0) - dot), dxs + (size_t) r * cols, c, cols);
        }
    }
}

// y = gamma (x - mean) rstd + beta, rstd = 1 / sqrt(variance + epsilon)
KERNEL void layer_norm(
    uint rows, uint cols, uint per, float epsilon, const global float *xs, const global float *gamma,
    const global float *beta, global float *ys, global float *means, global float *rstds) {
    SCRATCH
    ROWS(r, rows, per) {
        const global float *x = xs + (size_t) r * cols;
        global float *y = ys + (size_t) r * cols;
        vec total = (vec) (0);
        COLUMNS(c, cols) {
            total += load(x, c, cols, 0);
        }
        float mean = GROUP_SUM(sum_of(total)) / cols;
        vec squares = (vec) (0);
        COLUMNS(c, cols) {
            vec off = load(x, c, cols, mean) - mean;
            squares += off * off;
        }
        float rstd = 1 / sqrt(GROUP_SUM(sum_of(squares)) / cols + epsilon);
        COLUMNS(c, cols) {
            vec normal = (load(x, c, cols, 0) - mean) * rstd;
            store(load(gamma, c, cols, 0) * normal + load(beta, c, cols, 0), y, c, cols);
        }
        if (LANE == 0) {
            means[r] = mean;
            rstds[r] = rstd;
        }
    }
}

// dx = rstd (s - mean of s - x' mean of s x') with s = gamma dy, x' = (x - mean) rstd
KERNEL void layer_norm_gradient(
    uint rows, uint cols, uint per, const global float *xs, const global float *gamma, const global float *means,
    const global float *rstds, const global float *dys, global float *dxs) {
    SCRATCH
    ROWS(r, rows, per) {
        const global float *x = xs + (size_t) r * cols;
        const global float *dy = dys + (size_t) r * cols;
        float mean = means[r];
        float rstd = rstds[r];
        vec sums = (vec) (0);
        vec dots = (vec) (0);
        COLUMNS(c, cols) {
            vec slope = load(gamma, c, cols, 0) * load(dy, c, cols, 0);
            sums += slope;
            dots += slope * (load(x, c, cols, mean) - mean) * rstd;
        }
        float sum = GROUP_SUM(sum_of(sums)) / cols;
        float dot = GROUP_SUM(sum_of(dots)) / cols;
        COLUMNS(c, cols) {
            vec slope = load(gamma, c, cols, 0) * load(dy, c, cols, 0);
            vec normal = (load(x, c, cols, 0) - mean) * rstd;
            store(rstd * (slope - sum - normal * dot), dxs + (size_t) r * cols, c, cols);
        }
    }
}

// parts[piece, 0, c] = sum of dy x', parts[piece, 1, c] = sum of dy, over rows piece * length .. + length
KERNEL void layer_norm_parts(
    uint rows, uint cols, uint length, uint blocks, const global float *xs, const global float *means,
    const global float *rstds, const global float *dys, global float *parts) {
    uint piece = GROUP / blocks;
    uint c = (GROUP % blocks * LANES + LANE) * V;
    if (c < cols) {
        vec dots = (vec) (0);
        vec sums = (vec) (0);
        for (uint r = piece * length; r < min(rows, (piece + 1) * length); r++) {
            vec dy = load(dys + (size_t) r * cols, c, cols, 0);
            dots += dy * (load(xs + (size_t) r * cols, c, cols, 0) - means[r]) * rstds[r];
            sums += dy;
        }
        store(dots, parts + (size_t) piece * 2 * cols, c, cols);
        store(sums, parts + (size_t) piece * 2 * cols + cols, c, cols);
    }
}

// dgamma[c], dbeta[c] = sums over pieces of parts[piece, 0 or 1, c]
KERNEL void layer_norm_whole(uint pieces, uint cols, const global float *parts, global float *dgamma, global float *dbeta) {
    uint c = (GROUP * LANES + LANE) * V;
    if (c < cols) {
        vec dots = (vec) (0);
        vec sums = (vec) (0);
        for (uint piece = 0; piece < pieces; piece++) {
            dots += load(parts + (size_t) piece * 2 * cols, c, cols, 0);
            sums += load(parts + (size_t) piece * 2 * cols + cols, c, cols, 0);
        }
        store(dots, dgamma, c, cols);
        store(sums, dbeta, c, cols);
    }
}

// y = x / max(|x|, epsilon)
KERNEL void l2_normalize(
    uint rows, uint cols, uint per, float epsilon, const global float *xs, global float *ys, global float *norms) {
    SCRATCH
    ROWS(r, rows, per) {
        const global float *x = xs + (size_t) r * cols;
        vec squares = (vec) (0);
        COLUMNS(c, cols) {
            vec one = load(x, c, cols, 0);
            squares += one * one;
        }
        float norm = fmax(sqrt(GROUP_SUM(sum_of(squares))), epsilon);
        COLUMNS(c, cols) {
            store(load(x, c, cols, 0) / norm, ys + (size_t) r * cols, c, cols);
        }
        if (LANE == 0) {
            norms[r] = norm;
        }
    }
}

// dx = (dy - y sum of y dy) / norm, and dy / norm where the norm was cut
KERNEL void l2_normalize_gradient(
    uint rows, uint cols, uint per, float epsilon, const global float *ys, const global float *norms,
    const global float *dys, global float *dxs) {
    SCRATCH
    ROWS(r, rows, per) {
        const global float *y = ys + (size_t) r * cols;
        const global float *dy = dys + (size_t) r * cols;
        float norm = norms[r];
        vec products = (vec) (0);
        COLUMNS(c, cols) {
            products += load(y, c, cols, 0) * load(dy, c, cols, 0);
        }
        float all = GROUP_SUM(sum_of(products));
        float dot = norm > epsilon ? all : 0;
        COLUMNS(c, cols) {
            store((load(dy, c, cols, 0) - load(y, c, cols, 0) * dot) / norm, dxs + (size_t) r * cols, c, cols);
        }
    }
}

// loss = ln sum of e^x - x[target]
KERNEL void cross_entropy(
    uint rows, uint cols, uint per, const global float *xs, const global int *targets, global float *losses,
    global float *log_sums) {
    SCRATCH
    ROWS(r, rows, per) {
        const global float *x = xs + (size_t) r * cols;
        vec largest = (vec) (-INFINITY);
        COLUMNS(c, cols) {
            largest = fmax(largest, load(x, c, cols, -INFINITY));
        }
        float max = GROUP_MAX(max_of(largest));
        vec total = (vec) (0);
        COLUMNS(c, cols) {
            total += exp(load(x, c, cols, -INFINITY) - max);
        }
        float above = log(GROUP_SUM(sum_of(total)));
        if (LANE == 0) {
            log_sums[r] = max + above;
            losses[r] = (max - x[targets[r]]) + above;
        }
    }
}

// The vector without number `at`.
vec without(vec v, uint at) {
#if V == 1
    return at == 0 ? 0 : v;
#else
    float part[V];
    VSTORE(v, part);
    part[at] = 0;
    return VLOAD(part);
#endif
}

// dx = dloss (e^(x - log_sum) - [j = target]); at the target minus the sum of the other shares, which loses no digits where its
// own is nearly 1
KERNEL void cross_entropy_gradient(
    uint rows, uint cols, uint per, const global float *xs, const global int *targets, const global float *log_sums,
    const global float *dlosses, global float *dxs) {
    SCRATCH
    ROWS(r, rows, per) {
        const global float *x = xs + (size_t) r * cols;
        global float *dx = dxs + (size_t) r * cols;
        float dloss = dlosses[r];
        uint target = targets[r];
        vec others = (vec) (0);
        COLUMNS(c, cols) {
            vec share = exp(load(x, c, cols, -INFINITY) - log_sums[r]);
            if (c <= target && target < c + V) {
                share = without(share, target - c);
            }
            others += share;
            store(dloss * share, dx, c, cols);
        }
        float rest = GROUP_SUM(sum_of(others));
        if (target / V % LANES == LANE) { // the lane that wrote a zero there
            dx[target] = -dloss * rest;
        }
    }
}

// at[from + r] = column of the first largest number of the row
KERNEL void argmax(uint rows, uint cols, uint per, const global float *xs, global int *at, uint from) {
    SCRATCH
    ROWS(r, rows, per) {
        const global float *x = xs + (size_t) r * cols;
        vec largest = (vec) (-INFINITY);
        COLUMNS(c, cols) {
            largest = fmax(largest, load(x, c, cols, -INFINITY));
        }
        float max = GROUP_MAX(max_of(largest));
        uint first = cols;
        for (uint c = LANE; c < cols && first == cols; c += LANES) {
            first = x[c] == max ? c : cols;
        }
        // columns are met as floats, which hold every integer to 2^24
        float found = -GROUP_MAX(-(float) first);
        if (LANE == 0) {
            at[from + r] = found < cols ? (int) found : 0;
        }
    }
}
