// Column sums of up to 16 matrices in one launch. Matrix s has rows_s rows of cols_s numbers, and the groups from first_s
// on; it is cut into pieces of lengths_s rows, whose sums are the rows of y_s [pieces, cols]. A group has one piece and 32
// columns, each summed by 8 items that take every eighth row: the order is given by sizes alone.

#define COLS 32
#define TURNS 8
#define MATRIX(H) const global float *x##H, global float *y##H
#define PICK(S, H) \
    case S: \
        x = x##H, y = y##H, rows = rows_.s##H, cols = cols_.s##H, length = lengths.s##H, start = firsts.s##H; \
        break;

kernel __attribute__((reqd_work_group_size(COLS * TURNS, 1, 1))) void sum_many_columns(
    int16 rows_, int16 cols_, int16 lengths, int16 firsts,
    MATRIX(0), MATRIX(1), MATRIX(2), MATRIX(3), MATRIX(4), MATRIX(5), MATRIX(6), MATRIX(7),
    MATRIX(8), MATRIX(9), MATRIX(a), MATRIX(b), MATRIX(c), MATRIX(d), MATRIX(e), MATRIX(f)) {
    local float sums[TURNS][COLS];
    int group = get_group_id(0);
    int s = 0;
    s += group >= firsts.s1;
    s += group >= firsts.s2;
    s += group >= firsts.s3;
    s += group >= firsts.s4;
    s += group >= firsts.s5;
    s += group >= firsts.s6;
    s += group >= firsts.s7;
    s += group >= firsts.s8;
    s += group >= firsts.s9;
    s += group >= firsts.sa;
    s += group >= firsts.sb;
    s += group >= firsts.sc;
    s += group >= firsts.sd;
    s += group >= firsts.se;
    s += group >= firsts.sf;
    const global float *x;
    global float *y;
    int rows, cols, length, start;
    switch (s) {
        PICK(0, 0)
        PICK(1, 1)
        PICK(2, 2)
        PICK(3, 3)
        PICK(4, 4)
        PICK(5, 5)
        PICK(6, 6)
        PICK(7, 7)
        PICK(8, 8)
        PICK(9, 9)
        PICK(10, a)
        PICK(11, b)
        PICK(12, c)
        PICK(13, d)
        PICK(14, e)
        default:
            x = xf, y = yf, rows = rows_.sf, cols = cols_.sf, length = lengths.sf, start = firsts.sf;
    }
    int blocks = (cols + COLS - 1) / COLS;
    int piece = (group - start) / blocks;
    int lane = get_local_id(0) % COLS;
    int turn = get_local_id(0) / COLS;
    int c = (group - start) % blocks * COLS + lane;
    float sum = 0;
    if (c < cols) {
        for (int r = piece * length + turn; r < min(rows, (piece + 1) * length); r += TURNS) {
            sum += x[(size_t) r * cols + c];
        }
    }
    sums[turn][lane] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    if (turn == 0 && c < cols) {
        for (int t = 1; t < TURNS; t++) {
            sum += sums[t][lane];
        }
        y[(size_t) piece * cols + c] = sum;
    }
}
