// Batch normalisation over [outer, channels, inner]: statistics by pieces of a channel, then of all pieces, then one pass
// over the numbers. A group has one piece: the runs of inner numbers in `length` of outer.

#define CHANNEL(o) (((size_t) (o) * channels + channel) * inner)

// Walks over the runs of a piece, the slots side by side.
#define RUNS(o) for (uint o = first + SLOT; o < end; o += SLOTS)

#define PIECE \
    uint channel = GROUP / pieces; \
    uint first = GROUP % pieces * length; \
    uint end = min(outer, first + length);

// parts[channel, piece] = mean, and sum of the squared distances from it: in one pass over distances from the mean of the
// first run, which lies near it, so that the difference of the sums loses few digits
KERNEL void batch_statistics(
    uint outer, uint channels, uint inner, uint length, uint pieces, const global float *xs, global float *parts) {
    SCRATCH
    PIECE
    vec total = (vec) (0);
    for (uint i = ITEM * V; i < inner; i += LANES * V) {
        total += load(xs + CHANNEL(first), i, inner, 0);
    }
    float near = ALL_SUM(sum_of(total)) / inner;
    vec sums = (vec) (0);
    vec squares = (vec) (0);
    RUNS(o) {
        COLUMNS(i, inner) {
            vec off = load(xs + CHANNEL(o), i, inner, near) - near;
            sums += off;
            squares += off * off;
        }
    }
    float sum = ALL_SUM(sum_of(sums));
    float square = ALL_SUM(sum_of(squares));
    if (ITEM == 0) {
        float mean = sum / ((float) (end - first) * inner);
        parts[2 * GROUP] = near + mean;
        parts[2 * GROUP + 1] = square - sum * mean;
    }
}

// mean and biased variance of each channel from its parts (Chan, Golub and LeVeque 1983)
KERNEL void batch_statistics_whole(
    uint outer, uint channels, uint inner, uint length, uint pieces, const global float *parts, global float *means,
    global float *variances) {
    uint channel = GROUP * LANES + ITEM;
    if (channel < channels) {
        const global float *mine = parts + (size_t) channel * pieces * 2;
        float mean = 0;
        for (uint piece = 0; piece < pieces; piece++) {
            float share = (float) (min(outer, (piece + 1) * length) - piece * length) / outer;
            mean += share * mine[2 * piece];
        }
        float variance = 0;
        for (uint piece = 0; piece < pieces; piece++) {
            float runs = min(outer, (piece + 1) * length) - piece * length;
            float off = mine[2 * piece] - mean;
            variance += mine[2 * piece + 1] + runs * inner * off * off;
        }
        means[channel] = mean;
        variances[channel] = variance / ((float) outer * inner);
    }
}

// y = gamma (x - mean) / sqrt(variance + epsilon) + beta, rectified or not
KERNEL void batch_normalize(
    uint runs, uint per, uint channels, uint inner, float epsilon, int rectified, const global float *xs,
    const global float *gamma, const global float *beta, const global float *means, const global float *variances,
    global float *ys) {
    ROWS(run, n, runs, inner, per) {
        uint channel = run % channels;
        float scale = gamma[channel] / sqrt(variances[channel] + epsilon);
        size_t at = (size_t) run * inner;
        COLUMNS(i, n) {
            vec y = scale * (load(xs + at, i, inner, 0) - means[channel]) + beta[channel];
            store(rectified ? fmax(y, (vec) (0)) : y, ys + at, i, inner);
        }
    }
}

// dy, or 0 where the rectified y = scale (x - mean) + shift is 0
vec through(vec dy, int rectified, vec off, float scale, float shift) {
    return !rectified || scale * off + shift > (vec) (0) ? dy : (vec) (0);
}

// parts[channel, piece] = sum of dy (x - mean), and sum of dy
KERNEL void batch_sums(
    uint outer, uint channels, uint inner, uint length, uint pieces, float epsilon, int rectified, const global float *xs,
    const global float *gamma, const global float *beta, const global float *means, const global float *variances,
    const global float *dys, global float *parts) {
    SCRATCH
    PIECE
    float mean = means[channel];
    float scale = gamma[channel] / sqrt(variances[channel] + epsilon);
    float shift = beta[channel];
    vec sums = (vec) (0);
    vec dots = (vec) (0);
    RUNS(o) {
        COLUMNS(i, inner) {
            vec off = load(xs + CHANNEL(o), i, inner, mean) - mean;
            vec dy = through(load(dys + CHANNEL(o), i, inner, 0), rectified, off, scale, shift);
            sums += dy;
            dots += dy * off;
        }
    }
    float dot = ALL_SUM(sum_of(dots));
    float sum = ALL_SUM(sum_of(sums));
    if (ITEM == 0) {
        parts[2 * GROUP] = dot;
        parts[2 * GROUP + 1] = sum;
    }
}

// dgamma = sum of dy x', dbeta = sum of dy, over a channel, x' = (x - mean) / sqrt(variance + epsilon)
KERNEL void batch_sums_whole(
    uint channels, uint pieces, float epsilon, const global float *parts, const global float *variances,
    global float *dgamma, global float *dbeta) {
    uint channel = GROUP * LANES + ITEM;
    if (channel < channels) {
        const global float *mine = parts + (size_t) channel * pieces * 2;
        float dot = 0;
        float sum = 0;
        for (uint piece = 0; piece < pieces; piece++) {
            dot += mine[2 * piece];
            sum += mine[2 * piece + 1];
        }
        dgamma[channel] = dot / sqrt(variances[channel] + epsilon);
        dbeta[channel] = sum;
    }
}

// dx = gamma rstd (dy - mean of dy - x' mean of dy x')
KERNEL void batch_gradient(
    uint runs, uint per, uint channels, uint inner, float each, float epsilon, int rectified, const global float *xs,
    const global float *gamma, const global float *beta, const global float *means, const global float *variances,
    const global float *dys, const global float *dgamma, const global float *dbeta, global float *dxs) {
    ROWS(run, n, runs, inner, per) {
        uint channel = run % channels;
        float rstd = 1 / sqrt(variances[channel] + epsilon);
        float mean = means[channel];
        float scale = gamma[channel] * rstd;
        float sum = dbeta[channel] / each;
        float dot = dgamma[channel] * rstd / each;
        size_t at = (size_t) run * inner;
        COLUMNS(i, n) {
            vec off = load(xs + at, i, inner, 0) - mean;
            vec dy = through(load(dys + at, i, inner, 0), rectified, off, scale, beta[channel]);
            store(scale * (dy - sum - off * dot), dxs + at, i, inner);
        }
    }
}
