package org.safeclip.opencl;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.Reduction;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/** What the tests of this module do with devices. */
final class Devices {
    private Devices() {}

    /** The first device; without one the test is skipped with the reason. */
    static OpenClDevice first() {
        List<OpenClDevice> found = OpenClDevices.here().found();
        Assumptions.assumeFalse(found.isEmpty(), OpenClDevices.here().reason());
        return found.getFirst();
    }

    /** 1 + 2 + ... + n, computed there: a write, two kernels and a read. */
    static float sumOfFirst(int n, OpenClBackend backend) {
        try (Scope _ = backend.scope()) {
            float[] numbers = new float[n];
            for (int i = 0; i < n; i++) {
                numbers[i] = i;
            }
            Storage x = backend.allocate(n);
            Storage one = backend.allocate(1);
            Storage sum = backend.allocate(1);
            x.write(numbers, 0, n);
            backend.kernels().fill(1, 1, one);
            backend.kernels().zip(Binary.ADD, new BroadcastShape(n, 1, 1), x, one, x);
            backend.kernels().reduce(Reduction.SUM, new BroadcastShape(1, 1, n), x, sum);
            sum.read(numbers, 0, 1);
            return numbers[0];
        }
    }
}
