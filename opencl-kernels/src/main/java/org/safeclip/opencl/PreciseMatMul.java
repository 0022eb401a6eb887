package org.safeclip.opencl;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Precision;
import org.safeclip.tensor.backend.Storage;

/** Matrix products in the precision of the current scope: large ones on tensor cores where less than float32 will do. */
final class PreciseMatMul implements MatMul {
    /** Multiplications below which packing both operands costs more than tensor cores save. */
    private static final long WORTH_PACKING = 1 << 28;

    private final Queue queue;
    private final MatMul exact;
    private final Supplier<Precision> precision;
    private final Supplier<TensorCores> cores;
    private @Nullable TensorProduct fast;

    PreciseMatMul(Queue queue, MatMul exact, Supplier<Precision> precision, Supplier<TensorCores> cores) {
        this.queue = queue;
        this.exact = exact;
        this.precision = precision;
        this.cores = cores;
    }

    @Override
    public void matmul(
            MatMulShape s, Storage a, Storage b, @Nullable Storage bias, @Nullable Storage residual, Storage y) {
        Precision now = precision.get();
        if (now == Precision.FLOAT32 || (long) s.batch() * s.m() * s.n() * s.k() < WORTH_PACKING) {
            exact.matmul(s, a, b, bias, residual, y);
            return;
        }
        if (fast == null) {
            fast = new TensorProduct(queue, cores.get());
        }
        fast.matmul(now, s, a, b, bias, residual, y);
    }
}
