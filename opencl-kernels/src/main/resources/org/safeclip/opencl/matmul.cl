// y = op(a) op(b) [+ bias]: y is m x n, a number a lane, `per` of them one after the other. strides say how a and b are stored.
KERNEL void matmul(
    uint count, uint per, uint m, uint n, uint k, uint a_row, uint a_col, uint b_row, uint b_col, const global float *as,
    const global float *bs, const global float *bias, global float *ys) {
    uint end = min(count, (GROUP + 1) * per * LANES);
    for (uint i = GROUP * per * LANES + LANE; i < end; i += LANES) {
        uint z = i / (m * n);
        const global float *a = as + (size_t) z * m * k + i / n % m * a_row;
        const global float *b = bs + (size_t) z * k * n + i % n * b_col;
        float sum = 0;
        for (uint l = 0; l < k; l++) {
            sum += a[l * a_col] * b[l * b_row];
        }
        ys[i] = bias ? sum + bias[i % n] : sum;
    }
}
