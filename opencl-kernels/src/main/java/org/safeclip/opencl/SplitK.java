package org.safeclip.opencl;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;

/**
 * Split-k of a matrix product: a small result over a long k, such as the gradient of a weight, does not keep a device
 * busy, so k is split into slices, whose partial sums are added in ascending order.
 *
 * @param count number of slices; 1 for no split
 * @param length steps of k in each slice but the last
 */
record SplitK(int count, int length) {
    private static final int SHORTEST = 256;

    /** Numbers of a result from which adding its parts up is worth a launch of its own. */
    private static final int LARGE = 1 << 18;

    /**
     * Enough slices to make {@code wanted} pieces of work out of {@code blocks}, each a multiple of {@code step} long.
     */
    static SplitK of(MatMulShape s, long blocks, long wanted, int step) {
        long count = Math.max(1, Math.min(LaunchGeometry.ceil(wanted, Math.max(1, blocks)), s.k() / SHORTEST));
        int length = (int) (LaunchGeometry.ceil(LaunchGeometry.ceil(s.k(), count), step) * step);
        return new SplitK((int) Math.max(1, LaunchGeometry.ceil(s.k(), length)), length);
    }

    /** Computes the partial products, then adds them up, with bias and residual: on a GPU later if there is neither and y is small. */
    void add(
            Queue queue,
            MatMulShape s,
            @Nullable Storage bias,
            @Nullable Storage residual,
            Storage y,
            Consumer<Storage> product) {
        int numbers = Math.multiplyExact(s.m(), s.n());
        DeviceBuffer parts = queue.temporary(Math.multiplyExact(numbers, count));
        product.accept(parts);
        if (numbers < LARGE && bias == null && residual == null && queue.family() == Family.GPU) {
            queue.sums().addParts(count, numbers, parts, (DeviceBuffer) y);
            return;
        }
        LaunchGeometry geometry = new LaunchGeometry(queue);
        int per = geometry.numbers(numbers, count);
        queue.launch("matmul_slices", "add_slices")
                .with(numbers)
                .with(per)
                .with(s.n())
                .with(count)
                .with(parts)
                .with(bias)
                .with(residual)
                .with(y)
                .over(LaunchGeometry.ceil(numbers, (long) per * queue.lanes()));
        queue.giveBack(parts);
    }
}
