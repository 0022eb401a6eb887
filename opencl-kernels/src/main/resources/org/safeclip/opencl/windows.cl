// Square windows over pictures [batch, channels, height, width], zero beyond the edge.

// y[(b, oy, ox), (c, ky, kx)] = x[b, c, oy stride + ky - padding, ox stride + kx - padding]: lanes share the lines (c, ky)
KERNEL void unfold(
    uint rows, uint per, int channels, int height, int width, int kernel_, int stride, int padding, int out_height,
    int out_width, const global float *xs, global float *ys) {
    uint lines = channels * kernel_;
    ROWS(r, n, rows, lines, per) {
        int ox = r % out_width;
        int oy = r / out_width % out_height;
        int b = r / out_width / out_height;
        int left = ox * stride - padding;
        for (uint line = LANE; line < n; line += ROW_LANES) {
            int iy = oy * stride + line % kernel_ - padding;
            const global float *x = xs + ((size_t) (b * channels + line / kernel_) * height + iy) * width + left;
            global float *y = ys + ((size_t) r * lines + line) * kernel_;
            int inside = iy >= 0 && iy < height;
            if (inside && left >= 0 && left + kernel_ <= width) {
                for (int kx = 0; kx < kernel_; kx++) {
                    y[kx] = x[kx];
                }
            } else {
                for (int kx = 0; kx < kernel_; kx++) {
                    y[kx] = inside && left + kx >= 0 && left + kx < width ? x[kx] : 0;
                }
            }
        }
    }
}

// The transpose: y[b, c, iy, ix] = sum over the windows on it; a group has `per` lines of pixels, (b, c, iy)
KERNEL void fold(
    uint rows, uint per, int channels, int height, int width, int kernel_, int stride, int padding, int out_height,
    int out_width, const global float *xs, global float *ys) {
    int cols = channels * kernel_ * kernel_;
    ROWS(r, n, rows, width, per) {
        int iy = r % height + padding;
        int c = r / height % channels;
        int b = r / height / channels;
        int first_y = iy < kernel_ ? 0 : (iy - kernel_) / stride + 1;
        int last_y = min(iy / stride, out_height - 1);
        for (uint px = LANE; px < n; px += ROW_LANES) {
            int ix = px + padding;
            int first_x = ix < kernel_ ? 0 : (ix - kernel_) / stride + 1;
            int last_x = min(ix / stride, out_width - 1);
            float sum = 0;
            for (int oy = first_y; oy <= last_y; oy++) {
                for (int ox = first_x; ox <= last_x; ox++) {
                    size_t window = ((size_t) b * out_height + oy) * out_width + ox;
                    int under = (c * kernel_ + iy - oy * stride) * kernel_ + ix - ox * stride;
                    sum += xs[window * cols + under];
                }
            }
            ys[(size_t) r * width + px] = sum;
        }
    }
}

#ifdef WINDOW
// unfold for windows of WINDOW pixels, by a line of windows and CHANNELS channels: its pixels pass through local memory, and
// what neighbouring items write are neighbours
KERNEL void unfold_lines(
    int channels, int height, int width, int stride, int padding, int out_height, int out_width,
    const global float *xs, global float *ys) {
    local float lines[LINES];
    uint blocks = (channels + CHANNELS - 1) / CHANNELS;
    int c0 = GROUP % blocks * CHANNELS;
    int oy = GROUP / blocks % out_height;
    int b = GROUP / blocks / out_height;
    int here = min(CHANNELS, channels - c0);
    int span = (out_width - 1) * stride + WINDOW;
    const global float *x = xs + ((size_t) b * channels + c0) * height * width;
    for (int i = ITEM; i < here * WINDOW * span; i += LANES) {
        int line = i / span;
        int ix = i % span - padding;
        int iy = oy * stride + line % WINDOW - padding;
        int inside = iy >= 0 && iy < height && ix >= 0 && ix < width;
        lines[i] = inside ? x[((size_t) (line / WINDOW) * height + iy) * width + ix] : 0;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    size_t cols = (size_t) channels * WINDOW * WINDOW;
    global float *y = ys + ((size_t) b * out_height + oy) * out_width * cols + c0 * WINDOW * WINDOW;
    for (int i = ITEM; i < out_width * CHANNELS * WINDOW * WINDOW; i += LANES) {
        int ox = i / (CHANNELS * WINDOW * WINDOW);
        int u = i % (CHANNELS * WINDOW * WINDOW);
        if (u < here * WINDOW * WINDOW) {
            y[ox * cols + u] = lines[u / WINDOW * span + ox * stride + u % WINDOW];
        }
    }
}
#endif
