package org.safeclip.opencl;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Random;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Precision;

/** The instructions by which an NVIDIA GPU multiplies matrices of less than float32, see {@code matmul_tensor.cl}. */
enum TensorCores {
    /** None that could be used: all products are float32. */
    NONE,
    /** {@code mma.sync}, from compute capability 8.0. */
    MMA,
    /** {@code wgmma}, compute capability 9.0. */
    WGMMA;

    private static final String CAPABILITY = "cl_nv_device_attribute_query";
    private static final int CAPABILITY_MAJOR = 0x4000; // CL_DEVICE_COMPUTE_CAPABILITY_MAJOR_NV
    private static final int SHARED = 48 << 10; // bytes of local memory of a group
    private static final int GROUP = 256; // work-items

    /** The best of which a trial on this device gave right products in both precisions. */
    static TensorCores of(OpenClDevice device) {
        if (!device.extensions().contains(CAPABILITY)
                || device.localMemory() < SHARED
                || device.largestGroup() < GROUP) {
            return NONE;
        }
        long capability = DriverInfo.number(device.id(), CAPABILITY_MAJOR);
        List<TensorCores> candidates =
                capability == 9 ? List.of(WGMMA, MMA) : capability >= 8 ? List.of(MMA) : List.of();
        return candidates.stream()
                .filter(candidate -> candidate.works(device))
                .findFirst()
                .orElse(NONE);
    }

    /** Tries them on an open device of their own, since a kernel that fails may take everything with it. */
    private boolean works(OpenClDevice device) {
        try (Queue queue = new Queue(device, Family.GPU, GemmTileSizes.shipped(device))) {
            TensorProduct product = new TensorProduct(queue, this);
            return List.of(Precision.TF32, Precision.BFLOAT16).stream()
                    .allMatch(precision ->
                            right(queue, product, precision, new MatMulShape(1, 150, 139, 77, false, false))
                                    && right(queue, product, precision, new MatMulShape(2, 65, 130, 200, true, true)));
        } catch (OpenClException e) {
            System.getLogger(TensorCores.class.getName())
                    .log(Level.DEBUG, () -> device + " multiplies without " + this + ": " + e.getMessage());
            return false;
        }
    }

    /** Whether every number of a product is as near to the true one as the rounding of the operands allows. */
    private static boolean right(Queue queue, TensorProduct product, Precision precision, MatMulShape s) {
        Random random = new Random(1);
        float[] a = numbers(s.batch() * s.m() * s.k(), random);
        float[] b = numbers(s.batch() * s.k() * s.n(), random);
        float[] y = new float[s.batch() * s.m() * s.n()];
        DeviceBuffer as = queue.temporary(a.length);
        DeviceBuffer bs = queue.temporary(b.length);
        DeviceBuffer ys = queue.temporary(y.length);
        as.write(a, 0, a.length);
        bs.write(b, 0, b.length);
        product.matmul(precision, s, as, bs, null, null, ys);
        ys.read(y, 0, y.length);
        List.of(as, bs, ys).forEach(queue::giveBack);
        for (int i = 0; i < y.length; i++) {
            int z = i / (s.m() * s.n());
            int row = i / s.n() % s.m();
            int col = i % s.n();
            double sum = 0;
            double sizes = 0;
            for (int l = 0; l < s.k(); l++) {
                double term = (double) a[z * s.m() * s.k() + (s.transposeA() ? l * s.m() + row : row * s.k() + l)]
                        * b[z * s.k() * s.n() + (s.transposeB() ? col * s.k() + l : l * s.n() + col)];
                sum += term;
                sizes += Math.abs(term);
            }
            // both operands of every term rounded, and little for the sum
            if (!(Math.abs(y[i] - sum) <= 2.1 * precision.rounding() * sizes)) {
                return false;
            }
        }
        return true;
    }

    private static float[] numbers(int count, Random random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
