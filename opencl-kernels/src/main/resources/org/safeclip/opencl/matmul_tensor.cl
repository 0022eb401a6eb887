// y = op(a) op(b) [+ bias] [+ residual] on the tensor cores of NVIDIA GPUs, the operands rounded to bfloat16 or TF32, the
// sums float32. Inline PTX: only built for devices that TensorCores has tried.
//
//   pack, pack_turned   lay an operand out anew: rounded, [rows, k] whichever way it was stored, rows padded with zeros
//                       to whole steps. One pass over memory, after which the product moves 16 bytes at a time without
//                       asking where the edges are.
//   matmul              a block of BM x BN numbers of y for each work-group. Chunks of 64 bytes of k (32 bfloat16 or 16
//                       TF32) travel to local memory STAGES - 1 steps ahead, past the registers (cp.async).
//
// A block in local memory has rows of 64 bytes, four pieces of 16. Piece c of row r lies at place c ^ (r / 2 % 4), so
// that eight rows read at once meet different banks:
//
//      row 0   0 1 2 3        row 2   1 0 3 2        row 4   2 3 0 1        row 6   3 2 1 0
//      row 1   0 1 2 3        row 3   1 0 3 2        row 5   2 3 0 1        row 7   3 2 1 0
//
// This is what the instructions call a swizzle of 64 bytes. Two sets of instructions (PTX ISA, "Warp-level matrix
// instructions" and "Asynchronous warpgroup-level matrix instructions"):
//
//   WGMMA 0   mma.sync, from compute capability 8.0: 8 warps, each WM x WN of y, its operands in registers (ldmatrix).
//   WGMMA 1   wgmma, capability 9.0: groups of 4 warps, each 64 x BN of y, its operands read from local memory. The
//             driver compiles OpenCL C for a target without these instructions; they stand behind the comment sign //@,
//             and Program uncovers them in the PTX that the driver returns.

#ifndef BF16
#define BF16 1
#endif
#ifndef WGMMA
#define WGMMA 0
#endif
#ifndef BM
#define BM 128
#endif
#ifndef BN
#define BN 128
#endif
#ifndef STAGES
#define STAGES 3
#endif

#if BF16
typedef ushort packed;
#define PIECE 8 // numbers in 16 bytes
#else
typedef float packed;
#define PIECE 4
#endif
#define STEP (4 * PIECE) // of k
#define STAGE_BYTES ((BM + BN) * 64)

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

// x [rows, cols] to y [rows, stride], stride a multiple of STEP: a work-item moves a piece.
KERNEL void pack(uint rows, uint cols, uint stride, const global float *x, global packed *y) {
    uint row = get_global_id(0) / (stride / PIECE);
    uint col = get_global_id(0) % (stride / PIECE) * PIECE;
    if (row >= rows) {
        return;
    }
    const global float *from = x + (size_t) row * cols + col;
    float v[PIECE];
    if (cols % 4 == 0 && col + PIECE <= cols) {
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
            v[i] = col + i < cols ? from[i] : 0;
        }
    }
    put_piece(y + (size_t) row * stride + col, v);
}

// x [batch, cols, rows] to y [batch, rows, stride], through a square of SIDE x SIDE in local memory for each group.
#define SIDE 64
KERNEL void pack_turned(uint rows, uint cols, uint stride, const global float *x, global packed *y) {
    local float square[SIDE * (SIDE + 1)];
    uint down = (rows + SIDE - 1) / SIDE;
    uint across = (stride + SIDE - 1) / SIDE;
    uint row_from = GROUP % down * SIDE;
    uint col_from = GROUP / down % across * SIDE;
    x += (size_t) (GROUP / (down * across)) * rows * cols;
    y += (size_t) (GROUP / (down * across)) * rows * stride;
    for (uint u = LANE; u < SIDE * SIDE; u += LANES) {
        uint row = row_from + u % SIDE;
        uint col = col_from + u / SIDE;
        square[u / SIDE * (SIDE + 1) + u % SIDE] = row < rows && col < cols ? x[(size_t) col * rows + row] : 0;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint u = LANE; u < SIDE * SIDE / PIECE; u += LANES) {
        uint row = u / (SIDE / PIECE);
        uint col = u % (SIDE / PIECE) * PIECE;
        float v[PIECE];
#pragma unroll
        for (uint i = 0; i < PIECE; i++) {
            v[i] = square[(col + i) * (SIDE + 1) + row];
        }
        if (row_from + row < rows && col_from + col < stride) {
            put_piece(y + (size_t) (row_from + row) * stride + col_from + col, v);
        }
    }
}

// Where piece c of row r of a block lies, in bytes.
#define PLACE(r, c) (((r) * 4 + ((c) ^ ((r) / 2 % 4))) * 16)
#define COPY_PIECE(to, from) asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(from) : "memory");
#define COPIES_END asm volatile("cp.async.commit_group;" ::: "memory");
#define AWAIT_COPIES(but) asm volatile("cp.async.wait_group %0;" ::"n"(but) : "memory");

#if WGMMA
#define ITEMS (2 * BM) // 4 warps for 64 rows
#define NUMBERS 64     // of y in a work-item: BN must be 128

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

// c += 64 rows x 128 columns over half a step. All on one line, since a comment ends with it.
#define MULTIPLY_HALF(a, b) \
    asm volatile("//@ { .reg .pred p; setp.ne.b32 p, 1, 0; wgmma.mma_async.sync.aligned.m64n128" FORM " {" REGISTERS \
                 "}, %64, %65, " FLAGS "; }\n" \
                 : F16(0), F16(16), F16(32), F16(48) \
                 : "l"(a), "l"(b));

// What lies at `at` in local memory: rows of 64 bytes, swizzled so (2), 512 bytes from 8 rows to the next 8.
#define DESCRIPTOR(at) \
    ((((ulong) (at) & 0x3FFFF) >> 4) | ((ulong) 1 << 16) | ((ulong) (512 >> 4) << 32) | ((ulong) 2 << 62))

#else
#ifndef WM
#define WM 64
#endif
#ifndef WN
#define WN 32
#endif
#define ITEMS (32 * (BM / WM) * (BN / WN))
#define NUMBERS (WM * WN / 32)

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
// as [batch, m, stride] and bs [batch, n, stride] packed; slices are whole steps.
#define BAND 8
kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void matmul_tensor(
    uint m, uint n, uint k, uint slice, uint stride, const global packed *as, const global packed *bs,
    const global float *bias, const global float *residual, global float *ys) {
    local uint4 room[STAGES * STAGE_BYTES / 16] __attribute__((aligned(1024)));
    uint room_at = (uint) (size_t) room;
    uint lane = LANE;
    uint down = (m + BM - 1) / BM;
    uint across = (n + BN - 1) / BN;
    uint part = GROUP / (down * across);
    uint block = GROUP % (down * across);
    uint band = block / (BAND * across) * BAND;
    uint high = min(down - band, (uint) BAND);
    uint row_from = (band + block % (BAND * across) % high) * BM;
    uint col_from = block % (BAND * across) / high * BN;
    uint slices = (k + slice - 1) / slice;
    uint z = part / slices;
    uint from = part % slices * slice;
    uint steps = (min(slice, k - from) + STEP - 1) / STEP;
    global float *y = ys + (size_t) part * m * n;

    float c[NUMBERS];
#pragma unroll
    for (uint i = 0; i < NUMBERS; i++) {
        c[i] = 0;
    }

    // the pieces that this work-item moves; rows outside are read from the last one inside, and never stored
    const global packed *a_from[BM * 4 / ITEMS];
    const global packed *b_from[BN * 4 / ITEMS];
#pragma unroll
    for (uint q = 0; q < BM * 4 / ITEMS; q++) {
        uint u = lane + q * ITEMS;
        a_from[q] = as + ((size_t) z * m + min(row_from + u / 4, m - 1)) * stride + from + u % 4 * PIECE;
    }
#pragma unroll
    for (uint q = 0; q < BN * 4 / ITEMS; q++) {
        uint u = lane + q * ITEMS;
        b_from[q] = bs + ((size_t) z * n + min(col_from + u / 4, n - 1)) * stride + from + u % 4 * PIECE;
    }

#define COPY(stage) \
    _Pragma("unroll") for (uint q = 0; q < BM * 4 / ITEMS; q++) { \
        uint u = lane + q * ITEMS; \
        COPY_PIECE(room_at + (stage) * STAGE_BYTES + PLACE(u / 4, u % 4), a_from[q]) \
        a_from[q] += STEP; \
    } \
    _Pragma("unroll") for (uint q = 0; q < BN * 4 / ITEMS; q++) { \
        uint u = lane + q * ITEMS; \
        COPY_PIECE(room_at + (stage) * STAGE_BYTES + BM * 64 + PLACE(u / 4, u % 4), b_from[q]) \
        b_from[q] += STEP; \
    }

#pragma unroll
    for (uint s = 0; s < STAGES - 1; s++) {
        if (s < steps) {
            COPY(s)
        }
        COPIES_END
    }
    uint now = 0;
    uint fill = STAGES - 1;
    for (uint step = 0; step < steps; step++) {
        AWAIT_COPIES(STAGES - 2)
#if WGMMA
        asm volatile("fence.proxy.async;" ::: "memory"); // what was copied, for those who read it past the usual way
#endif
        barrier(CLK_LOCAL_MEM_FENCE); // all is there, and nobody reads the stage that is filled next
        uint a_at = room_at + now * STAGE_BYTES;
        uint b_at = a_at + BM * 64;
#if WGMMA
        asm volatile("//@ wgmma.fence.sync.aligned;\n" ::: "memory");
#pragma unroll
        for (uint h = 0; h < 2; h++) {
            MULTIPLY_HALF(DESCRIPTOR(a_at + lane / 128 * (64 * 64) + h * 32), DESCRIPTOR(b_at + h * 32))
        }
        asm volatile("//@ wgmma.commit_group.sync.aligned;\n" ::: "memory");
#endif
        if (step + STAGES - 1 < steps) {
            COPY(fill)
        }
        COPIES_END
#if WGMMA
        asm volatile("//@ wgmma.wait_group.sync.aligned 0;\n" ::: "memory");
#else
        uint row = lane / 32 / (BN / WN) * WM + lane % 16;
        uint col = lane / 32 % (BN / WN) * WN + lane % 8 + lane % 32 / 16 * 8;
#pragma unroll
        for (uint h = 0; h < 2; h++) {
            uint a[WM / 16][4];
            uint b[WN / 16][4];
#pragma unroll
            for (uint i = 0; i < WM / 16; i++) {
                LOAD_SQUARES(a[i], a_at + PLACE(row + i * 16, h * 2 + lane % 32 / 16))
            }
#pragma unroll
            for (uint j = 0; j < WN / 16; j++) {
                LOAD_SQUARES(b[j], b_at + PLACE(col + j * 16, h * 2 + lane / 8 % 2))
            }
#pragma unroll
            for (uint i = 0; i < WM / 16; i++) {
#pragma unroll
                for (uint j = 0; j < WN / 8; j++) {
                    MULTIPLY_TILE(c + (i * (WN / 8) + j) * 4, a[i], b[j / 2][j % 2 * 2], b[j / 2][j % 2 * 2 + 1])
                }
            }
        }
#endif
        now = now + 1 == STAGES ? 0 : now + 1;
        fill = fill + 1 == STAGES ? 0 : fill + 1;
    }

    // a work-item has pairs of columns in tiles of 8 rows x 8 columns, two tiles one above the other
#if WGMMA
#define TILES_DOWN 1
#define TILES_ACROSS (BN / 8)
    uint row = row_from + lane / 32 * 16 + lane % 32 / 4;
    uint col = col_from + lane % 4 * 2;
#else
#define TILES_DOWN (WM / 16)
#define TILES_ACROSS (WN / 8)
    uint row = row_from + lane / 32 / (BN / WN) * WM + lane % 32 / 4;
    uint col = col_from + lane / 32 % (BN / WN) * WN + lane % 4 * 2;
#endif
#pragma unroll
    for (uint i = 0; i < 2 * TILES_DOWN; i++) {
        if (row + i * 8 < m) {
#pragma unroll
            for (uint j = 0; j < TILES_ACROSS; j++) {
                const float *pair = c + (i / 2 * TILES_ACROSS + j) * 4 + i % 2 * 2;
                put_pair(y, n, row + i * 8, col + j * 8, pair[0], pair[1], bias, residual);
            }
        }
    }
}
