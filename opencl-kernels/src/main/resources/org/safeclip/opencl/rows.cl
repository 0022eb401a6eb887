// Kernels over rows of a matrix: lanes share the columns. A group of the CPU family has `per` rows, one after the other.

// A value of the first pass over a row, written and read again, or computed again where that costs less than the traffic.
#if LANES == 1
#define KEEP(v, y, c, cols) store(v, y, c, cols)
#define KEPT(y, c, cols, again) load(y, c, cols, 0)
#else
#define KEEP(v, y, c, cols)
#define KEPT(y, c, cols, again) (again)
#endif

// y = e^(x - max) / sum
KERNEL void softmax(uint rows, uint cols, uint per, const global float *xs, global float *ys) {
    SCRATCH
    ROWS(r, n, rows, cols, per) {
        const global float *x = xs + (size_t) r * cols;
        global float *y = ys + (size_t) r * cols;
        vec largest = (vec) (-INFINITY);
        COLUMNS(c, n) {
            largest = fmax(largest, load(x, c, cols, -INFINITY));
        }
        float max = GROUP_MAX(max_of(largest));
        vec total = (vec) (0);
        COLUMNS(c, n) {
            vec e = exp(load(x, c, cols, -INFINITY) - max);
            total += e;
            KEEP(e, y, c, cols);
        }
        float scale = 1 / GROUP_SUM(sum_of(total));
        COLUMNS(c, n) {
            store(KEPT(y, c, cols, exp(load(x, c, cols, -INFINITY) - max)) * scale, y, c, cols);
        }
    }
}

// dx = y (dy - sum of dy y)
KERNEL void softmax_gradient(
    uint rows, uint cols, uint per, const global float *ys, const global float *dys, global float *dxs) {
    SCRATCH
    ROWS(r, n, rows, cols, per) {
        const global float *y = ys + (size_t) r * cols;
        const global float *dy = dys + (size_t) r * cols;
        vec products = (vec) (0);
        COLUMNS(c, n) {
            products += load(y, c, cols, 0) * load(dy, c, cols, 0);
        }
        float dot = GROUP_SUM(sum_of(products));
        COLUMNS(c, n) {
            store(load(y, c, cols, 0) * (load(dy, c, cols, 0) - dot), dxs + (size_t) r * cols, c, cols);
        }
    }
}

// y = gamma (x - mean) rstd + beta, rstd = 1 / sqrt(variance + epsilon)
KERNEL void layer_norm(
    uint rows, uint cols, uint per, float epsilon, const global float *xs, const global float *gamma,
    const global float *beta, global float *ys, global float *means, global float *rstds) {
    SCRATCH
    ROWS(r, n, rows, cols, per) {
        const global float *x = xs + (size_t) r * cols;
        global float *y = ys + (size_t) r * cols;
        vec total = (vec) (0);
        COLUMNS(c, n) {
            total += load(x, c, cols, 0);
        }
        float mean = GROUP_SUM(sum_of(total)) / cols;
        vec squares = (vec) (0);
        COLUMNS(c, n) {
            vec off = load(x, c, cols, mean) - mean;
            squares += off * off;
        }
        float rstd = 1 / sqrt(GROUP_SUM(sum_of(squares)) / cols + epsilon);
        COLUMNS(c, n) {
            vec normal = (load(x, c, cols, 0) - mean) * rstd;
            store(load(gamma, c, cols, 0) * normal + load(beta, c, cols, 0), y, c, cols);
        }
        ONCE(n) {
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
    ROWS(r, n, rows, cols, per) {
        const global float *x = xs + (size_t) r * cols;
        const global float *dy = dys + (size_t) r * cols;
        float mean = means[r];
        float rstd = rstds[r];
        vec sums = (vec) (0);
        vec dots = (vec) (0);
        COLUMNS(c, n) {
            vec slope = load(gamma, c, cols, 0) * load(dy, c, cols, 0);
            sums += slope;
            dots += slope * (load(x, c, cols, mean) - mean) * rstd;
        }
        float sum = GROUP_SUM(sum_of(sums)) / cols;
        float dot = GROUP_SUM(sum_of(dots)) / cols;
        COLUMNS(c, n) {
            vec slope = load(gamma, c, cols, 0) * load(dy, c, cols, 0);
            vec normal = (load(x, c, cols, 0) - mean) * rstd;
            store(rstd * (slope - sum - normal * dot), dxs + (size_t) r * cols, c, cols);
        }
    }
}

#ifdef VECTORS
// An item's part of a row, zero where there is none
#define FETCH(row) \
    _Pragma("unroll") for (uint v = 0; v < VECTORS; v++) { \
        uint c = (v * ROW_LANES + LANE) * V; \
        int here = (row) < end && c < cols; \
        next_x[v] = here ? load(xs + (size_t) (row) * cols, c, cols, 0) : (vec) (0); \
        next_dy[v] = here ? load(dys + (size_t) (row) * cols, c, cols, 0) : (vec) (0); \
    }

// The same, and parts[group, 0, c] = sum of dy x', parts[group, 1, c] = sum of dy over the group's rows, `turns` for each
// slot: a lane keeps its VECTORS vectors of a row in registers, so that x and dy are read once.
KERNEL void layer_norm_gradient_parts(
    uint rows, uint cols, uint turns, const global float *xs, const global float *gamma, const global float *means,
    const global float *rstds, const global float *dys, global float *dxs, global float *parts) {
    SCRATCH
    SLOT_SCRATCH
    vec all_dots[VECTORS];
    vec all_sums[VECTORS];
    vec weight[VECTORS];
#pragma unroll
    for (uint v = 0; v < VECTORS; v++) {
        uint c = (v * ROW_LANES + LANE) * V;
        all_dots[v] = (vec) (0);
        all_sums[v] = (vec) (0);
        weight[v] = c < cols ? load(gamma, c, cols, 0) : (vec) (0);
    }
    uint row = GROUP * turns * SLOTS + SLOT;
    uint end = min(rows, (GROUP + 1) * turns * SLOTS);
    vec next_x[VECTORS];
    vec next_dy[VECTORS];
    FETCH(row)
    for (uint turn = 0; turn < turns; turn++, row += SLOTS) {
        float mean = means[min(row, rows - 1)];
        float rstd = rstds[min(row, rows - 1)];
        vec normal[VECTORS];
        vec slope[VECTORS];
        vec sums = (vec) (0);
        vec dots = (vec) (0);
#pragma unroll
        for (uint v = 0; v < VECTORS; v++) {
            normal[v] = (next_x[v] - mean) * rstd;
            slope[v] = next_dy[v];
            all_sums[v] += slope[v];
            all_dots[v] += slope[v] * normal[v];
            slope[v] *= weight[v];
            sums += slope[v];
            dots += slope[v] * normal[v];
        }
        FETCH(row + SLOTS) // while the sums meet
        float sum = GROUP_SUM(sum_of(sums)) / cols;
        float dot = GROUP_SUM(sum_of(dots)) / cols;
#pragma unroll
        for (uint v = 0; v < VECTORS; v++) {
            uint c = (v * ROW_LANES + LANE) * V;
            if (row < end && c < cols) {
                store(rstd * (slope[v] - sum - normal[v] * dot), dxs + (size_t) row * cols, c, cols);
            }
        }
    }
#pragma unroll
    for (uint v = 0; v < VECTORS; v++) {
        uint c = (v * ROW_LANES + LANE) * V;
        vec dots = SLOTS_SUM(all_dots[v]);
        vec sums = SLOTS_SUM(all_sums[v]);
        if (SLOT == 0 && c < cols) {
            store(dots, parts + (size_t) GROUP * 2 * cols, c, cols);
            store(sums, parts + (size_t) GROUP * 2 * cols + cols, c, cols);
        }
    }
}
#endif

// parts[piece, 0, c] = sum of dy x', parts[piece, 1, c] = sum of dy, over rows piece * length .. + length
KERNEL void layer_norm_parts(
    uint rows, uint cols, uint length, uint blocks, const global float *xs, const global float *means,
    const global float *rstds, const global float *dys, global float *parts) {
    uint piece = GROUP / blocks;
    uint c = (GROUP % blocks * LANES + ITEM) * V;
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

// dgamma[c], dbeta[c] = sums over pieces of parts[piece, 0 or 1, c]: a group has ROW_LANES * V columns
KERNEL void layer_norm_whole(uint pieces, uint cols, const global float *parts, global float *dgamma, global float *dbeta) {
    SLOT_SCRATCH
    uint c = (GROUP * ROW_LANES + LANE) * V;
    uint end = c < cols ? pieces : 0;
    vec dots = (vec) (0);
    vec sums = (vec) (0);
    for (uint piece = SLOT; piece < end; piece += SLOTS) {
        dots += load(parts + (size_t) piece * 2 * cols, c, cols, 0);
        sums += load(parts + (size_t) piece * 2 * cols + cols, c, cols, 0);
    }
    dots = SLOTS_SUM(dots);
    sums = SLOTS_SUM(sums);
    if (SLOT == 0 && c < cols) {
        store(dots, dgamma, c, cols);
        store(sums, dbeta, c, cols);
    }
}

// y = x / max(|x|, epsilon)
KERNEL void l2_normalize(
    uint rows, uint cols, uint per, float epsilon, const global float *xs, global float *ys, global float *norms) {
    SCRATCH
    ROWS(r, n, rows, cols, per) {
        const global float *x = xs + (size_t) r * cols;
        vec squares = (vec) (0);
        COLUMNS(c, n) {
            vec one = load(x, c, cols, 0);
            squares += one * one;
        }
        float norm = fmax(sqrt(GROUP_SUM(sum_of(squares))), epsilon);
        COLUMNS(c, n) {
            store(load(x, c, cols, 0) / norm, ys + (size_t) r * cols, c, cols);
        }
        ONCE(n) {
            norms[r] = norm;
        }
    }
}

// dx = (dy - y sum of y dy) / norm, and dy / norm where the norm was cut
KERNEL void l2_normalize_gradient(
    uint rows, uint cols, uint per, float epsilon, const global float *ys, const global float *norms,
    const global float *dys, global float *dxs) {
    SCRATCH
    ROWS(r, n, rows, cols, per) {
        const global float *y = ys + (size_t) r * cols;
        const global float *dy = dys + (size_t) r * cols;
        float norm = norms[r];
        vec products = (vec) (0);
        COLUMNS(c, n) {
            products += load(y, c, cols, 0) * load(dy, c, cols, 0);
        }
        float all = GROUP_SUM(sum_of(products));
        float dot = norm > epsilon ? all : 0;
        COLUMNS(c, n) {
            store((load(dy, c, cols, 0) - load(y, c, cols, 0) * dot) / norm, dxs + (size_t) r * cols, c, cols);
        }
    }
}

// loss = ln sum of e^x - x[target]
KERNEL void cross_entropy(
    uint rows, uint cols, uint per, const global float *xs, const global int *targets, global float *losses,
    global float *log_sums) {
    SCRATCH
    ROWS(r, n, rows, cols, per) {
        const global float *x = xs + (size_t) r * cols;
        vec largest = (vec) (-INFINITY);
        COLUMNS(c, n) {
            largest = fmax(largest, load(x, c, cols, -INFINITY));
        }
        float max = GROUP_MAX(max_of(largest));
        vec total = (vec) (0);
        COLUMNS(c, n) {
            total += exp(load(x, c, cols, -INFINITY) - max);
        }
        float above = log(GROUP_SUM(sum_of(total)));
        ONCE(n) {
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
    SCATTERED(v, part);
    part[at] = 0;
    return GATHERED(part);
#endif
}

// dx = dloss (e^(x - log_sum) - [j = target]); at the target minus the sum of the other shares, which loses no digits where its
// own is nearly 1
KERNEL void cross_entropy_gradient(
    uint rows, uint cols, uint per, const global float *xs, const global int *targets, const global float *log_sums,
    const global float *dlosses, global float *dxs) {
    SCRATCH
    ROWS(r, n, rows, cols, per) {
        const global float *x = xs + (size_t) r * cols;
        global float *dx = dxs + (size_t) r * cols;
        float dloss = dlosses[r];
        uint target = targets[r];
        vec others = (vec) (0);
        COLUMNS(c, n) {
            vec share = exp(load(x, c, cols, -INFINITY) - log_sums[r]);
            if (c <= target && target < c + V) {
                share = without(share, target - c);
            }
            others += share;
            store(dloss * share, dx, c, cols);
        }
        float rest = GROUP_SUM(sum_of(others));
        if (n > 0 && target / V % ROW_LANES == LANE) { // the lane that wrote a zero there
            dx[target] = -dloss * rest;
        }
    }
}

// at[from + r] = column of the first largest number of the row
KERNEL void argmax(uint rows, uint cols, uint per, const global float *xs, global int *at, uint from) {
    SCRATCH
    ROWS(r, n, rows, cols, per) {
        const global float *x = xs + (size_t) r * cols;
        vec largest = (vec) (-INFINITY);
        COLUMNS(c, n) {
            largest = fmax(largest, load(x, c, cols, -INFINITY));
        }
        float max = GROUP_MAX(max_of(largest));
        uint first = cols;
        for (uint c = LANE; c < n && first == cols; c += ROW_LANES) {
            first = x[c] == max ? c : cols;
        }
        // columns are met as floats, which hold every integer to 2^24
        float found = -GROUP_MAX(-(float) first);
        ONCE(n) {
            at[from + r] = found < cols ? (int) found : 0;
        }
    }
}
