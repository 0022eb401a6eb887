// Batch normalisation over [outer, channels, inner]: statistics by a group for each channel, then one pass over the numbers.

#define CHANNEL(o) (((size_t) (o) * channels + channel) * inner)

// mean and biased variance of each channel
KERNEL void batch_statistics(
    uint outer, uint channels, uint inner, const global float *xs, global float *means, global float *variances) {
    SCRATCH
    uint channel = GROUP;
    float each = (float) outer * inner;
    vec total = (vec) (0);
    for (uint o = 0; o < outer; o++) {
        COLUMNS(i, inner) {
            total += load(xs + CHANNEL(o), i, inner, 0);
        }
    }
    float mean = GROUP_SUM(sum_of(total)) / each;
    vec squares = (vec) (0);
    for (uint o = 0; o < outer; o++) {
        COLUMNS(i, inner) {
            vec off = load(xs + CHANNEL(o), i, inner, mean) - mean;
            squares += off * off;
        }
    }
    float variance = GROUP_SUM(sum_of(squares)) / each;
    if (LANE == 0) {
        means[channel] = mean;
        variances[channel] = variance;
    }
}

// y = gamma (x - mean) / sqrt(variance + epsilon) + beta: a group has `per` runs of inner numbers
KERNEL void batch_normalize(
    uint runs, uint per, uint channels, uint inner, float epsilon, const global float *xs, const global float *gamma,
    const global float *beta, const global float *means, const global float *variances, global float *ys) {
    ROWS(run, runs, per) {
        uint channel = run % channels;
        float scale = gamma[channel] / sqrt(variances[channel] + epsilon);
        size_t at = (size_t) run * inner;
        COLUMNS(i, inner) {
            store(scale * (load(xs + at, i, inner, 0) - means[channel]) + beta[channel], ys + at, i, inner);
        }
    }
}

// dgamma = sum of dy x', dbeta = sum of dy, over a channel, x' = (x - mean) / sqrt(variance + epsilon)
KERNEL void batch_sums(
    uint outer, uint channels, uint inner, float epsilon, const global float *xs, const global float *means,
    const global float *variances, const global float *dys, global float *dgamma, global float *dbeta) {
    SCRATCH
    uint channel = GROUP;
    float mean = means[channel];
    vec sums = (vec) (0);
    vec dots = (vec) (0);
    for (uint o = 0; o < outer; o++) {
        COLUMNS(i, inner) {
            vec dy = load(dys + CHANNEL(o), i, inner, 0);
            sums += dy;
            dots += dy * (load(xs + CHANNEL(o), i, inner, 0) - mean);
        }
    }
    float sum = GROUP_SUM(sum_of(sums));
    float dot = GROUP_SUM(sum_of(dots)) / sqrt(variances[channel] + epsilon);
    if (LANE == 0) {
        dgamma[channel] = dot;
        dbeta[channel] = sum;
    }
}

// dx = gamma rstd (dy - mean of dy - x' mean of dy x')
KERNEL void batch_gradient(
    uint runs, uint per, uint channels, uint inner, float each, float epsilon, const global float *xs,
    const global float *gamma, const global float *means, const global float *variances, const global float *dys,
    const global float *dgamma, const global float *dbeta, global float *dxs) {
    ROWS(run, runs, per) {
        uint channel = run % channels;
        float rstd = 1 / sqrt(variances[channel] + epsilon);
        float mean = means[channel];
        float sum = dbeta[channel] / each;
        float dot = dgamma[channel] / each;
        size_t at = (size_t) run * inner;
        COLUMNS(i, inner) {
            vec normal = (load(xs + at, i, inner, 0) - mean) * rstd;
            vec dx = gamma[channel] * rstd * (load(dys + at, i, inner, 0) - sum - normal * dot);
            store(dx, dxs + at, i, inner);
        }
    }
}
