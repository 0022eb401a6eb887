package org.safeclip.opencl;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;

/** Matrix products, {@code matmul.cl}. */
final class MatMul {
    private final Queue queue;
    private final Cut cut;

    MatMul(Queue queue) {
        this.queue = queue;
        this.cut = new Cut(queue);
    }

    void matmul(MatMulShape s, Storage a, Storage b, @Nullable Storage bias, Storage y) {
        int count = s.batch() * s.m() * s.n();
        int per = cut.numbers(count, s.k());
        queue.launch("matmul", "matmul")
                .with(count)
                .with(per)
                .with(s.m())
                .with(s.n())
                .with(s.k())
                .with(s.transposeA() ? 1 : s.k())
                .with(s.transposeA() ? s.m() : 1)
                .with(s.transposeB() ? 1 : s.n())
                .with(s.transposeB() ? s.k() : 1)
                .with(a)
                .with(b)
                .with(bias)
                .with(y)
                .over(Cut.ceil(count, (long) per * queue.lanes()));
    }

    void linear(int rows, int in, int out, Storage x, Storage w, @Nullable Storage bias, Storage y) {
        matmul(new MatMulShape(1, rows, out, in, false, true), x, w, bias, y);
    }
}
