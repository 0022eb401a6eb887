// y = the parts of a product whose k was cut into slices, added in ascending order [+ bias] [+ residual]

KERNEL void add_slices(
    uint count, uint per, uint n, uint slices, const global float *parts, const global float *bias,
    const global float *residual, global float *ys) {
    uint end = min(count, (GROUP + 1) * per * LANES);
    for (uint i = GROUP * per * LANES + ITEM; i < end; i += LANES) {
        float sum = parts[i];
        uint s = 1;
        for (; s + 4 <= slices; s += 4) { // four on their way at a time
            float a = parts[(size_t) s * count + i];
            float b = parts[(size_t) (s + 1) * count + i];
            float c = parts[(size_t) (s + 2) * count + i];
            float d = parts[(size_t) (s + 3) * count + i];
            sum = sum + a + b + c + d;
        }
        for (; s < slices; s++) {
            sum += parts[(size_t) s * count + i];
        }
        sum = bias ? sum + bias[i % n] : sum;
        ys[i] = residual ? sum + residual[i] : sum;
    }
}
