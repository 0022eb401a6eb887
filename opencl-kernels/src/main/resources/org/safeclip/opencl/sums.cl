// Column sums of up to 16 matrices in one launch: y_s[c] = keep_s y_s[c] + take_s (sum over r of x_s[offset_s + r stride_s + c]).
// Matrix s has rows_s rows of cols_s numbers, and the groups from first_s on. It is cut into pieces of length_s rows, whose sums
// are the rows of y_s [pieces, cols]. A group has one piece and 32 columns, each summed by 8 items that take every eighth row:
// the order is given by sizes alone. With keep 0 nothing is read from y.

#define COLS 32
#define TURNS 8
#define MATRIX(H) const global float *x##H, global float *y##H
#define CHOOSE(H) \
    x = x##H + offsets.s##H, y = y##H, rows = rows_.s##H, cols = cols_.s##H, stride = strides.s##H; \
    length = lengths.s##H, start = firsts.s##H, keep = keeps.s##H, take = takes.s##H;
#define CASE(S, H) \
    case S: \
        CHOOSE(H) \
        break;

kernel __attribute__((reqd_work_group_size(COLS * TURNS, 1, 1))) void sum_many_columns(
    int16 offsets, int16 rows_, int16 cols_, int16 strides, int16 lengths, int16 firsts, float16 keeps, float16 takes,
    MATRIX(0), MATRIX(1), MATRIX(2), MATRIX(3), MATRIX(4), MATRIX(5), MATRIX(6), MATRIX(7),
    MATRIX(8), MATRIX(9), MATRIX(a), MATRIX(b), MATRIX(c), MATRIX(d), MATRIX(e), MATRIX(f)) {
    local float sums[TURNS][COLS];
    int group = get_group_id(0);
    int s = part_of(group, firsts);
    const global float *x;
    global float *y;
    int rows, cols, stride, length, start;
    float keep, take;
    switch (s) {
        CASE(0, 0)
        CASE(1, 1)
        CASE(2, 2)
        CASE(3, 3)
        CASE(4, 4)
        CASE(5, 5)
        CASE(6, 6)
        CASE(7, 7)
        CASE(8, 8)
        CASE(9, 9)
        CASE(10, a)
        CASE(11, b)
        CASE(12, c)
        CASE(13, d)
        CASE(14, e)
        default:
            CHOOSE(f)
    }
    int blocks = (cols + COLS - 1) / COLS;
    int piece = (group - start) / blocks;
    int lane = get_local_id(0) % COLS;
    int turn = get_local_id(0) / COLS;
    int c = (group - start) % blocks * COLS + lane;
    float sum = 0;
    if (c < cols) {
        for (int r = piece * length + turn; r < min(rows, (piece + 1) * length); r += TURNS) {
            sum += x[(size_t) r * stride + c];
        }
    }
    sums[turn][lane] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    if (turn == 0 && c < cols) {
        for (int t = 1; t < TURNS; t++) {
            sum += sums[t][lane];
        }
        global float *to = y + (size_t) piece * cols + c;
        *to = keep == 0 ? take * sum : keep * *to + take * sum;
    }
}
