package org.safeclip.opencl;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;

/** Matrix products y = op(a)·op(b) [+ bias, the same for each row] [+ residual, of y's size], on one family of devices. */
interface MatMul {
    /** The family's products. */
    static MatMul of(Queue queue) {
        return switch (queue.family()) {
            case CPU -> new CpuMatMul(queue);
            case GPU -> new GpuMatMul(queue);
        };
    }

    /** With a bias or a residual the batch is 1. y must not be a or b; it may be the residual. */
    void matmul(MatMulShape shape, Storage a, Storage b, @Nullable Storage bias, @Nullable Storage residual, Storage y);

    /** y = x·wᵀ + bias + residual for x {@code [rows, in]} and w {@code [out, in]}. */
    default void linear(
            int rows,
            int in,
            int out,
            Storage x,
            Storage w,
            @Nullable Storage bias,
            @Nullable Storage residual,
            Storage y) {
        matmul(new MatMulShape(1, rows, out, in, false, true), x, w, bias, residual, y);
    }
}
