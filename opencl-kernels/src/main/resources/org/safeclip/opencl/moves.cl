// Kernels that move numbers.

// y[row, :] = x[from(row), :] for runs of `cols` neighbours: from(row) adds up, over the axes of y before the run, last axis
// first, position times stride; `dims` are their sizes, 1 where there is none
KERNEL void permute(
    uint rows, uint cols, uint per, int8 dims, int8 strides, const global float *xs, global float *ys) {
    uint d[8];
    uint s[8];
    vstore8(convert_uint8(dims), 0, d);
    vstore8(convert_uint8(strides), 0, s);
    ROWS(row, rows, per) {
        uint left = row;
        size_t from = 0;
        for (uint axis = 0; axis < 8 && left > 0; axis++) {
            from += (size_t) (left % d[axis]) * s[axis];
            left /= d[axis];
        }
        COLUMNS(c, cols) {
            store(load(xs + from, c, cols, 0), ys + (size_t) row * cols, c, cols);
        }
    }
}

// the same where neighbours of y are no neighbours of x: runs of one number, LANES * per of them a group
KERNEL void permute_scattered(uint n, uint per, int8 dims, int8 strides, const global float *xs, global float *ys) {
    uint d[8];
    uint s[8];
    vstore8(convert_uint8(dims), 0, d);
    vstore8(convert_uint8(strides), 0, s);
    uint end = min(n, (GROUP + 1) * per * LANES);
    for (uint i = GROUP * per * LANES + LANE; i < end; i += LANES) {
        uint left = i;
        size_t from = 0;
        for (uint axis = 0; axis < 8 && left > 0; axis++) {
            from += (size_t) (left % d[axis]) * s[axis];
            left /= d[axis];
        }
        ys[i] = xs[from];
    }
}

// y[r, :] = x[ids[r], :]
KERNEL void gather_rows(
    uint rows, uint cols, uint per, const global float *xs, const global int *ids, global float *ys) {
    ROWS(r, rows, per) {
        COLUMNS(c, cols) {
            store(load(xs + (size_t) ids[r] * cols, c, cols, 0), ys + (size_t) r * cols, c, cols);
        }
    }
}

// y[offset_y + r stride_y + c] = x[offset_x + r stride_x + c]
KERNEL void copy_block(
    uint rows, uint cols, uint per, const global float *xs, uint x_offset, uint x_stride, global float *ys, uint y_offset,
    uint y_stride) {
    ROWS(r, rows, per) {
        COLUMNS(c, cols) {
            store(load(xs + x_offset + (size_t) r * x_stride, c, cols, 0),
                  ys + y_offset + (size_t) r * y_stride, c, cols);
        }
    }
}

// Chains the rows that go to the same place: links[2r] is the next such row or -1, links[2r + 1] whether r is the first.
KERNEL void scatter_links(uint count, uint per, const global int *ids, global int *links) {
    uint end = min(count, (GROUP + 1) * per * LANES);
    for (uint r = GROUP * per * LANES + LANE; r < end; r += LANES) {
        int id = ids[r];
        int next = -1;
        for (uint after = r + 1; after < count && next < 0; after++) {
            next = ids[after] == id ? (int) after : -1;
        }
        int first = 1;
        for (uint before = r; before > 0 && first; before--) {
            first = ids[before - 1] != id;
        }
        links[2 * r] = next;
        links[2 * r + 1] = first;
    }
}

// y[ids[r], :] += x[r, :] along each chain, so r ascends for every place and no two groups write the same
KERNEL void scatter_add_rows(
    uint count, uint cols, uint per, const global float *xs, const global int *ids, const global int *links,
    global float *ys) {
    ROWS(r, count, per) {
        if (links[2 * r + 1]) {
            global float *y = ys + (size_t) ids[r] * cols;
            COLUMNS(c, cols) {
                vec sum = load(y, c, cols, 0);
                for (int at = r; at >= 0; at = links[2 * at]) {
                    sum += load(xs + (size_t) at * cols, c, cols, 0);
                }
                store(sum, y, c, cols);
            }
        }
    }
}
