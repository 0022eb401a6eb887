package org.safeclip.opencl;

import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.LinearInput;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;

/** Matrix products y = op(a)·op(b) [+ bias for every row] [+ residual of y's size] on one family of devices. */
interface MatMul {
    /** The implementation for the queue's family. */
    static MatMul of(Queue queue) {
        return switch (queue.family()) {
            case CPU -> new CpuMatMul(queue);
            case GPU -> new GpuMatMul(queue);
        };
    }

    /** Computes the products; with a bias or a residual the batch must be 1. y may be the residual, but not a or b. */
    void matmul(MatMulShape shape, Storage a, Storage b, @Nullable Storage bias, @Nullable Storage residual, Storage y);

    /** y = residual + x·wᵀ + bias, {@code [rows, out]}. */
    default void linear(LinearInput input, @Nullable Storage residual, Storage y) {
        matmul(input.product(), input.x(), input.w(), input.bias(), residual, y);
    }
}
