package org.safeclip.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.Storage;

/**
 * Runs a kernel on the reference, on one thread and on several: near the first, and the same bits from the other two.
 */
final class SimdAgainstScalar {
    private static final int SEVERAL = 3;
    private static final int SLACK = 5; // a storage may be longer than what is asked of it

    private SimdAgainstScalar() {}

    /** One kernel, its inputs bound, writing to {@code outs}. */
    @FunctionalInterface
    interface KernelCall {
        void run(Kernels kernels, Storage[] outs);
    }

    static void check(String what, double tolerance, KernelCall call, int... lengths) {
        Storage[] reference = outputs(lengths);
        call.run(new ScalarKernels(), reference);
        try {
            Parallel.configure(1, 1);
            Storage[] one = outputs(lengths);
            call.run(new SimdKernels(), one);
            Parallel.configure(SEVERAL, 1);
            Storage[] several = outputs(lengths);
            call.run(new SimdKernels(), several);
            for (int i = 0; i < lengths.length; i++) {
                near(what + " output " + i, floats(one[i], lengths[i]), floats(reference[i], lengths[i]), tolerance);
                assertThat(floats(several[i], lengths[i]))
                        .as("%s output %d with %d threads", what, i, SEVERAL)
                        .isEqualTo(floats(one[i], lengths[i]));
            }
        } finally {
            Parallel.reset();
        }
    }

    private static void near(String what, float[] got, float[] expected, double tolerance) {
        for (int i = 0; i < got.length; i++) {
            double allowed = tolerance * Math.max(1, Math.abs(expected[i]));
            if (!(Math.abs((double) got[i] - expected[i]) <= allowed)) { // an assertion a number would take minutes
                fail("%s [%d]: got %s, expected %s +- %s", what, i, got[i], expected[i], allowed);
            }
        }
    }

    private static Storage[] outputs(int[] lengths) {
        return Arrays.stream(lengths)
                .mapToObj(length -> {
                    float[] old = new float[length + SLACK];
                    Arrays.fill(old, Float.NaN); // what an output held before does not matter
                    return new HostStorage(length, old);
                })
                .toArray(Storage[]::new);
    }

    private static float[] floats(Storage storage, int length) {
        return Arrays.copyOf(HostStorage.array(storage), length);
    }

    /** Numbers of unit variance, the same for the same length and seed. */
    static Storage random(int length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[length + SLACK];
        for (int i = 0; i < length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return new HostStorage(length, x);
    }

    /** A copy, for kernels that work in place. */
    static void copy(Storage from, Storage to) {
        System.arraycopy(HostStorage.array(from), 0, HostStorage.array(to), 0, to.length());
    }
}
