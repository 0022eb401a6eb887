// y = op(a) op(b) [+ bias] [+ residual] on the tensor cores of NVIDIA GPUs, the operands rounded to bfloat16 or TF32, the
// sums float32. Inline PTX: only built for devices that TensorCores has tried.
//
//   pack, pack_turned   lay an operand out anew, rounded, as the product wants it in local memory. One pass over memory;
//                       after it nothing asks where the edges are: rows and steps outside are zeros.
//   matmul_tensor       a block of 128 x 128 numbers of y for each work-group.
//
// A packed operand is a row of panels, each 128 rows and STEP steps of k (16 bfloat16 or 8 TF32), 4 KiB in one piece:
//
//   [batch][rows / 128][k / STEP][128 rows of 32 bytes]
//
// The two halves of a row, 16 bytes each, change places in every second four rows, so that eight rows read at once meet
// different banks; the instructions call it a swizzle of 32 bytes:
//
//      row 0 to 3   0 1        row 4 to 7   1 0        row 8 to 11   0 1
//
// Two sets of instructions (PTX ISA, "Warp-level matrix instructions" and "Asynchronous warpgroup-level matrix
// instructions"):
//
//   WGMMA 0   mma.sync, from compute capability 8.0: 8 warps, each 64 x 32 of y, its operands in registers (ldmatrix);
//             every work-item copies its part of the panels, two steps at a time (cp.async).
//   WGMMA 1   wgmma, capability 9.0: 2 groups of 4 warps, each 64 x 128 of y, operands read from local memory. One
//             work-item orders whole panels (cp.async.bulk); a barrier in local memory counts the bytes that arrive.
//             The driver compiles OpenCL C for a target without wgmma; it stands behind the comment sign //@, and PtxEdit
//             uncovers it.

#ifndef BF16
#define BF16 1
#endif
#ifndef WGMMA
#define WGMMA 0
#endif

#if BF16
typedef ushort packed;
#define PIECE 8 // numbers in 16 bytes
#else
typedef float packed;
#define PIECE 4
#endif
#define STEP (2 * PIECE)
#define BLOCK 128
#define PANEL 4096 // bytes
#define ITEMS 256

// Rounds to the nearest and writes 16 bytes.
void put_piece(global packed *to, const float *v) {
    uint p[4];
#pragma unroll
    for (uint i = 0; i < 4; i++) {
#if BF16
        asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(p[i]) : "f"(v[2 * i + 1]), "f"(v[2 * i]));
#else
        asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(p[i]) : "f"(v[i]));
#endif
    }
    *(global uint4 *) to = (uint4)(p[0], p[1], p[2], p[3]);
}

// Where piece c of row r of a panel lies, in bytes.
#define PLACE(r, c) ((r) * 32 + (((c) ^ ((r) / 4 % 2)) * 16))

// Where piece c of a padded row of all panels lies, in numbers; `pieces` in a row.
size_t piece_at(uint row, uint c, uint pieces) {
    size_t panel = (size_t) (row / BLOCK) * (pieces / 2) + c / 2;
    return (panel * PANEL + PLACE(row % BLOCK, c % 2)) / sizeof(packed);
}

// x [batch, rows, cols] to panels, k padded to `stride`: a work-item moves a piece.
KERNEL void pack(uint batch, uint rows, uint cols, uint stride, const global float *x, global packed *y) {
    uint pieces = stride / PIECE;
    uint padded = (rows + BLOCK - 1) / BLOCK * BLOCK;
    uint to = get_global_id(0) / pieces;
    uint c = get_global_id(0) % pieces;
    if (to >= batch * padded) {
        return;
    }
    uint row = to % padded;
    uint col = c * PIECE;
    const global float *from = x + ((size_t) (to / padded) * rows + row) * cols + col;
    float v[PIECE];
    if (row < rows && cols % 4 == 0 && col + PIECE <= cols) {
#pragma unroll
        for (uint i = 0; i < PIECE; i += 4) {
            float4 four = *(const global float4 *) (from + i);
            v[i] = four.x;
            v[i + 1] = four.y;
            v[i + 2] = four.z;
            v[i + 3] = four.w;
        }
    } else {
#pragma unroll
        for (uint i = 0; i < PIECE; i++) {
            v[i] = row < rows && col + i < cols ? from[i] : 0;
        }
    }
    put_piece(y + piece_at(to, c, pieces), v);
}

// x [batch, cols, rows] to panels, through a square of SIDE x SIDE in local memory for each group.
#define SIDE 64
KERNEL void pack_turned(uint batch, uint rows, uint cols, uint stride, const global float *x, global packed *y) {
    local float square[SIDE * (SIDE + 1)];
    uint padded = (rows + BLOCK - 1) / BLOCK * BLOCK;
    uint down = padded / SIDE;
    uint across = (stride + SIDE - 1) / SIDE;
    uint row_from = GROUP % down * SIDE;
    uint col_from = GROUP / down % across * SIDE;
    uint z = GROUP / (down * across);
    x += (size_t) z * rows * cols;
    for (uint u = ITEM; u < SIDE * SIDE; u += LANES) {
        uint row = row_from + u % SIDE;
        uint col = col_from + u / SIDE;
        square[u / SIDE * (SIDE + 1) + u % SIDE] = row < rows && col < cols ? x[(size_t) col * rows + row] : 0;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint u = ITEM; u < SIDE * SIDE / PIECE; u += LANES) { // neighbours write the two pieces of a row, then of the next
        uint c = u / (2 * SIDE) * 2 + u % 2;
        uint row = u / 2 % SIDE;
        float v[PIECE];
#pragma unroll
        for (uint i = 0; i < PIECE; i++) {
            v[i] = square[(c * PIECE + i) * (SIDE + 1) + row];
        }
        uint to = col_from / PIECE + c;
        if (to < stride / PIECE) {
            put_piece(y + piece_at(z * padded + row_from + row, to, stride / PIECE), v);
        }
    }
}

#if WGMMA
#define NUMBERS 64 // of y in a work-item
#define STAGES 5
#define STAGE_BYTES (2 * PANEL)

#if BF16
#define FORM "k16.f32.bf16.bf16"
#define FLAGS "p, 1, 1, 0, 0"
#else
#define FORM "k8.f32.tf32.tf32"
#define FLAGS "p, 1, 1"
#endif
#define REGISTERS \
    "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27," \
    "%28,%29,%30,%31,%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,%48,%49,%50,%51,%52,%53," \
    "%54,%55,%56,%57,%58,%59,%60,%61,%62,%63"
#define F4(i) "+f"(c[i]), "+f"(c[i + 1]), "+f"(c[i + 2]), "+f"(c[i + 3])
#define F16(i) F4(i), F4(i + 4), F4(i + 8), F4(i + 12)

// c += 64 rows x 128 columns over a step. All on one line, since a comment ends with it.
#define MULTIPLY(a, b) \
    asm volatile("//@ { .reg .pred p; setp.ne.b32 p, 1, 0; wgmma.mma_async.sync.aligned.m64n128" FORM " {" REGISTERS \
                 "}, %64, %65, " FLAGS "; }\n" \
                 : F16(0), F16(16), F16(32), F16(48) \
                 : "l"(a), "l"(b));

// What lies at `at` in local memory: rows of 32 bytes, swizzled so (3), 256 bytes from 8 rows to the next 8.
#define DESCRIPTOR(at) \
    ((((ulong) (at) & 0x3FFFF) >> 4) | ((ulong) 1 << 16) | ((ulong) (256 >> 4) << 32) | ((ulong) 3 << 62))

// Orders both panels of step t for stage s, and tells the stage's barrier how many bytes to wait for.
#define ORDER(s, t) \
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(arrived_at + (s) * 8), "n"(2 * PANEL) \
                 : "memory"); \
    ORDER_PANEL(room_at + (s) * STAGE_BYTES, a + (size_t) (t) * PANEL, arrived_at + (s) * 8) \
    ORDER_PANEL(room_at + (s) * STAGE_BYTES + PANEL, b + (size_t) (t) * PANEL, arrived_at + (s) * 8)
#define ORDER_PANEL(to, from, arrived) \
    asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(to), \
                 "l"(from), "n"(PANEL), "r"(arrived) \
                 : "memory");

#else
#define WM 64
#define WN 32
#define NUMBERS (WM * WN / 32)
#define STAGES 3
#define STAGE_BYTES (4 * PANEL) // two steps of a, two of b

#define COPY_PIECE(to, from) asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(from) : "memory");
#define COPIES_END asm volatile("cp.async.commit_group;" ::: "memory");
#define AWAIT_COPIES(but) asm volatile("cp.async.wait_group %0;" ::"n"(but) : "memory");

#if BF16
#define FORM "m16n8k16.row.col.f32.bf16.bf16.f32"
#else
#define FORM "m16n8k8.row.col.f32.tf32.tf32.f32"
#endif
// Four squares of 8 rows x 16 bytes, whose rows lie at what the work-items 0-7, 8-15, 16-23 and 24-31 of the warp name.
#define LOAD_SQUARES(x, at) \
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];" \
                 : "=r"((x)[0]), "=r"((x)[1]), "=r"((x)[2]), "=r"((x)[3]) \
                 : "r"(at) \
                 : "memory");
#define MULTIPLY_TILE(c, a, b0, b1) \
    asm volatile("mma.sync.aligned." FORM " {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};" \
                 : "+f"((c)[0]), "+f"((c)[1]), "+f"((c)[2]), "+f"((c)[3]) \
                 : "r"((a)[0]), "r"((a)[1]), "r"((a)[2]), "r"((a)[3]), "r"(b0), "r"(b1));
#endif

// Two numbers of y that lie side by side, with what is added to them.
void put_pair(global float *y, uint n, uint row, uint col, float c0, float c1, const global float *bias,
              const global float *residual) {
    size_t at = (size_t) row * n + col;
    if (n % 2 == 0 && col < n) {
        float2 v = (float2)(c0, c1);
        v = bias ? v + (float2)(bias[col], bias[col + 1]) : v;
        *(global float2 *) (y + at) = residual ? v + *(const global float2 *) (residual + at) : v;
    } else {
        if (col < n) {
            c0 = bias ? c0 + bias[col] : c0;
            y[at] = residual ? c0 + residual[at] : c0;
        }
        if (col + 1 < n) {
            c1 = bias ? c1 + bias[col + 1] : c1;
            y[at + 1] = residual ? c1 + residual[at + 1] : c1;
        }
    }
}

// One group for each block of y, slice of k and product of the batch; the groups at work together share what they fetch.
// Slices are pairs of steps, and so is what k was padded to.
#define BAND 8
kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void matmul_tensor(
    uint m, uint n, uint k, uint slice, uint stride, const global char *as, const global char *bs,
    const global float *bias, const global float *residual, global float *ys) {
    local uint4 room[STAGES * STAGE_BYTES / 16] __attribute__((aligned(1024)));
    uint room_at = (uint) (size_t) room;
    uint lane = ITEM;
    uint down = (m + BLOCK - 1) / BLOCK;
    uint across = (n + BLOCK - 1) / BLOCK;
    uint part = GROUP / (down * across);
    uint block = GROUP % (down * across);
    uint band = block / (BAND * across) * BAND;
    uint high = min(down - band, (uint) BAND);
    uint row_block = band + block % (BAND * across) % high;
    uint col_block = block % (BAND * across) / high;
    uint slices = (k + slice - 1) / slice;
    uint z = part / slices;
    uint from = part % slices * slice;
    uint steps = (min(slice, k - from) + STEP - 1) / STEP;
    const global char *a = as + (((size_t) z * down + row_block) * (stride / STEP) + from / STEP) * PANEL;
    const global char *b = bs + (((size_t) z * across + col_block) * (stride / STEP) + from / STEP) * PANEL;
    global float *y = ys + (size_t) part * m * n;

    float c[NUMBERS];
#pragma unroll
    for (uint i = 0; i < NUMBERS; i++) {
        c[i] = 0;
    }

    uint now = 0;
#if WGMMA
    local ulong arrived[STAGES];
    uint arrived_at = (uint) (size_t) arrived;
    if (lane == 0) {
#pragma unroll
        for (uint s = 0; s < STAGES; s++) {
            asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;" ::"r"(arrived_at + s * 8) : "memory");
        }
        asm volatile("fence.proxy.async;" ::: "memory"); // the barriers, for those who count past the usual way
#pragma unroll
        for (uint s = 0; s < STAGES; s++) {
            if (s < steps) {
                ORDER(s, s)
            }
        }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    uint before = STAGES - 1;
    uint phase = 0; // of the barriers, which change it whenever their bytes have arrived
    for (uint step = 0; step < steps; step++) {
        uint there;
        do {
            asm volatile("{ .reg .pred p; mbarrier.try_wait.parity.shared::cta.b64 p, [%1], %2; selp.u32 %0, 1, 0, p; }"
                         : "=r"(there)
                         : "r"(arrived_at + now * 8), "r"(phase)
                         : "memory");
        } while (!there);
        uint a_at = room_at + now * STAGE_BYTES + lane / 128 * (PANEL / 2);
        uint b_at = room_at + now * STAGE_BYTES + PANEL;
        asm volatile("//@ wgmma.fence.sync.aligned;\n" ::: "memory");
        MULTIPLY(DESCRIPTOR(a_at), DESCRIPTOR(b_at))
        asm volatile("//@ wgmma.commit_group.sync.aligned;\n" ::: "memory");
        asm volatile("//@ wgmma.wait_group.sync.aligned 1;\n" ::: "memory"); // all but this one
        barrier(CLK_LOCAL_MEM_FENCE); // all items have read the previous stage
        if (lane == 0 && step > 0 && step - 1 + STAGES < steps) {
            ORDER(before, step - 1 + STAGES)
        }
        before = now;
        now = now + 1 == STAGES ? 0 : now + 1;
        phase = now == 0 ? 1 - phase : phase;
    }
    asm volatile("//@ wgmma.wait_group.sync.aligned 0;\n" ::: "memory");
#else
#define COPY(stage, t) \
    _Pragma("unroll") for (uint u = lane; u < 2 * PANEL / 16; u += ITEMS) { \
        COPY_PIECE(room_at + (stage) * STAGE_BYTES + u * 16, a + (size_t) (t) * PANEL + u * 16) \
        COPY_PIECE(room_at + (stage) * STAGE_BYTES + 2 * PANEL + u * 16, b + (size_t) (t) * PANEL + u * 16) \
    }
#pragma unroll
    for (uint s = 0; s < STAGES - 1; s++) {
        if (2 * s < steps) {
            COPY(s, 2 * s)
        }
        COPIES_END
    }
    uint fill = STAGES - 1;
    uint row = lane / 32 / (BLOCK / WN) * WM + lane % 16;
    uint col = lane / 32 % (BLOCK / WN) * WN + lane % 8 + lane % 32 / 16 * 8;
    for (uint step = 0; step < steps; step += 2) {
        AWAIT_COPIES(STAGES - 2)
        barrier(CLK_LOCAL_MEM_FENCE); // the stage is complete, and the one to be filled next is free
        if (step + 2 * (STAGES - 1) < steps) {
            COPY(fill, step + 2 * (STAGES - 1))
        }
        COPIES_END
#pragma unroll
        for (uint h = 0; h < 2; h++) {
            uint a_at = room_at + now * STAGE_BYTES + h * PANEL;
            uint b_at = a_at + 2 * PANEL;
            uint x[WM / 16][4];
            uint w[WN / 16][4];
#pragma unroll
            for (uint i = 0; i < WM / 16; i++) {
                LOAD_SQUARES(x[i], a_at + PLACE(row + i * 16, lane % 32 / 16))
            }
#pragma unroll
            for (uint j = 0; j < WN / 16; j++) {
                LOAD_SQUARES(w[j], b_at + PLACE(col + j * 16, lane / 8 % 2))
            }
#pragma unroll
            for (uint i = 0; i < WM / 16; i++) {
#pragma unroll
                for (uint j = 0; j < WN / 8; j++) {
                    MULTIPLY_TILE(c + (i * (WN / 8) + j) * 4, x[i], w[j / 2][j % 2 * 2], w[j / 2][j % 2 * 2 + 1])
                }
            }
        }
        now = now + 1 == STAGES ? 0 : now + 1;
        fill = fill + 1 == STAGES ? 0 : fill + 1;
    }
#endif

    // a work-item has pairs of columns in tiles of 8 rows x 8 columns, two tiles one above the other
#if WGMMA
#define TILES_DOWN 1
#define TILES_ACROSS (BLOCK / 8)
    uint y_row = row_block * BLOCK + lane / 32 * 16 + lane % 32 / 4;
    uint y_col = col_block * BLOCK + lane % 4 * 2;
#else
#define TILES_DOWN (WM / 16)
#define TILES_ACROSS (WN / 8)
    uint y_row = row_block * BLOCK + lane / 32 / (BLOCK / WN) * WM + lane % 32 / 4;
    uint y_col = col_block * BLOCK + lane / 32 % (BLOCK / WN) * WN + lane % 4 * 2;
#endif
#pragma unroll
    for (uint i = 0; i < 2 * TILES_DOWN; i++) {
        if (y_row + i * 8 < m) {
#pragma unroll
            for (uint j = 0; j < TILES_ACROSS; j++) {
                const float *pair = c + (i / 2 * TILES_ACROSS + j) * 4 + i % 2 * 2;
                put_pair(y, n, y_row + i * 8, y_col + j * 8, pair[0], pair[1], bias, residual);
            }
        }
    }
}
