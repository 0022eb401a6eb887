// Kernels that move numbers.

// y[row, :] = x[from(row), :] for runs of `cols` neighbours: from(row) adds up, over the axes of y before the run, last axis
// first, position times stride; `dims` are their sizes, 1 where there is none
KERNEL void permute(
    uint rows, uint cols, uint per, int8 dims, int8 strides, const global float *xs, global float *ys) {
    uint d[8];
    uint s[8];
    vstore8(convert_uint8(dims), 0, d);
    vstore8(convert_uint8(strides), 0, s);
    ROWS(row, n, rows, cols, per) {
        uint left = row;
        size_t from = 0;
        for (uint axis = 0; axis < 8 && left > 0; axis++) {
            from += (size_t) (left % d[axis]) * s[axis];
            left /= d[axis];
        }
        COLUMNS(c, n) {
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
    for (uint i = GROUP * per * LANES + ITEM; i < end; i += LANES) {
        uint left = i;
        size_t from = 0;
        for (uint axis = 0; axis < 8 && left > 0; axis++) {
            from += (size_t) (left % d[axis]) * s[axis];
            left /= d[axis];
        }
        ys[i] = xs[from];
    }
}

#ifndef TILE
#define TILE 32
#endif
// the same by tiles TILE x TILE of the two axes that matter, so that both sides are read and written in runs: `across` is the
// number of neighbours of y, from_step apart in x, and `along` those of x, to_step apart in y; dims and steps are of the others
KERNEL void permute_tiles(
    uint across, uint along, uint from_step, uint to_step, int8 dims, int8 from_steps, int8 to_steps,
    const global float *xs, global float *ys) {
    local float tile[TILE * (TILE + 1)];
    uint d[8];
    uint s[8];
    uint t[8];
    vstore8(convert_uint8(dims), 0, d);
    vstore8(convert_uint8(from_steps), 0, s);
    vstore8(convert_uint8(to_steps), 0, t);
    uint tiles_across = (across + TILE - 1) / TILE;
    uint tiles_along = (along + TILE - 1) / TILE;
    uint i0 = GROUP % tiles_across * TILE;
    uint j0 = GROUP / tiles_across % tiles_along * TILE;
    uint left = GROUP / tiles_across / tiles_along;
    size_t from = (size_t) i0 * from_step + j0;
    size_t to = (size_t) j0 * to_step + i0;
    for (uint axis = 0; axis < 8 && left > 0; axis++) {
        from += (size_t) (left % d[axis]) * s[axis];
        to += (size_t) (left % d[axis]) * t[axis];
        left /= d[axis];
    }
    for (uint n = ITEM; n < TILE * TILE; n += LANES) {
        uint i = n / TILE;
        uint j = n % TILE;
        if (i0 + i < across && j0 + j < along) {
            tile[i * (TILE + 1) + j] = xs[from + (size_t) i * from_step + j];
        }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint n = ITEM; n < TILE * TILE; n += LANES) {
        uint i = n % TILE;
        uint j = n / TILE;
        if (i0 + i < across && j0 + j < along) {
            ys[to + (size_t) j * to_step + i] = tile[i * (TILE + 1) + j];
        }
    }
}

// y[r, :] = x[ids[r], :]
KERNEL void gather_rows(
    uint rows, uint cols, uint per, const global float *xs, const global int *ids, global float *ys) {
    ROWS(r, n, rows, cols, per) {
        COLUMNS(c, n) {
            store(load(xs + (size_t) ids[r] * cols, c, cols, 0), ys + (size_t) r * cols, c, cols);
        }
    }
}

// y[offset_y + r stride_y + c] = x[offset_x + r stride_x + c]
KERNEL void copy_block(
    uint rows, uint cols, uint per, const global float *xs, uint x_offset, uint x_stride, global float *ys, uint y_offset,
    uint y_stride) {
    ROWS(r, n, rows, cols, per) {
        COLUMNS(c, n) {
            store(load(xs + x_offset + (size_t) r * x_stride, c, cols, 0),
                  ys + y_offset + (size_t) r * y_stride, c, cols);
        }
    }
}

// Chains the rows that go to the same place: links[2r] is the next such row or -1, links[2r + 1] whether r is the first.
KERNEL void scatter_links(uint count, uint per, const global int *ids, global int *links) {
    uint end = min(count, (GROUP + 1) * per * LANES);
    for (uint r = GROUP * per * LANES + ITEM; r < end; r += LANES) {
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
    ROWS(r, n, count, cols, per) {
        if (links[2 * r + 1]) {
            global float *y = ys + (size_t) ids[r] * cols;
            COLUMNS(c, n) {
                vec sum = load(y, c, cols, 0);
                for (int at = r; at >= 0; at = links[2 * at]) {
                    sum += load(xs + (size_t) at * cols, c, cols, 0);
                }
                store(sum, y, c, cols);
            }
        }
    }
}
