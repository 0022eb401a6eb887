package org.safeclip.tensor.check;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Precision;
import org.safeclip.tensor.backend.Scope;

/** Checks that two backends, or one backend twice, compute equal values and gradients. */
public final class AgreementCheck {
    private static final long SEED = 11;

    private AgreementCheck() {}

    /**
     * Compares the value and every gradient with those of a reference backend. The backend under test gets memory
     * filled with NaN, so that reading uninitialised memory or leaving an output unwritten fails the check.
     */
    public static Outcome run(OpCase tested, Backend backend, Backend reference) {
        List<float[]> got = numbers(tested, new NanFilledBackend(backend), Precision.FLOAT32);
        List<float[]> want = numbers(tested, reference, Precision.FLOAT32);
        String what = "agreement of " + tested + " on " + backend.name() + " with " + reference.name();
        return worst(what, limit(tested.length()), got, want);
    }

    /**
     * Compares the value and every gradient, computed in a precision, with those of a reference backend in float32.
     * Both operands of a product are wrong by at most {@link Precision#rounding} of themselves. A sum of k terms and
     * the sum of their errors both grow with the root of k, so that relative to the largest number neither does.
     *
     * @param products how many matrix products may follow one another on the way to a number
     */
    static Outcome run(OpCase tested, Precision precision, int products, Backend backend, Backend reference) {
        List<float[]> got = numbers(tested, new NanFilledBackend(backend), precision);
        List<float[]> want = numbers(tested, reference, Precision.FLOAT32);
        String what =
                "agreement of " + tested + " in " + precision + " on " + backend.name() + " with " + reference.name();
        return worst(what, limit(tested.length()) + products * 2 * precision.rounding(), got, want);
    }

    /** Checks that one computation run twice gives identical bits. */
    public static Outcome repeat(OpCase tested, Backend backend) {
        return repeat(tested, Precision.FLOAT32, backend);
    }

    /** Checks that one computation run twice in a precision gives identical bits. */
    static Outcome repeat(OpCase tested, Precision precision, Backend backend) {
        List<float[]> first = numbers(tested, backend, precision);
        List<float[]> second = numbers(tested, backend, precision);
        int different = 0;
        for (int part = 0; part < first.size(); part++) {
            for (int i = 0; i < first.get(part).length; i++) {
                if (Float.floatToRawIntBits(first.get(part)[i]) != Float.floatToRawIntBits(second.get(part)[i])) {
                    different++;
                }
            }
        }
        return new Outcome("same bits twice, " + tested + " on " + backend.name(), different, 0, "numbers that differ");
    }

    /** Rounding errors of a sum grow with the root of its length. */
    static double limit(int length) {
        return 2e-6 + 1e-6 * Math.sqrt(length);
    }

    /**
     * The largest difference relative to the largest number of the part; a part of almost nothing counts absolutely.
     */
    static Outcome worst(String what, double limit, List<float[]> got, List<float[]> want) {
        double worst = 0;
        String where = "nowhere";
        for (int part = 0; part < want.size(); part++) {
            double largest = 0.1;
            for (float number : want.get(part)) {
                largest = Math.max(largest, Math.abs(number));
            }
            for (int i = 0; i < want.get(part).length; i++) {
                float g = got.get(part)[i];
                float w = want.get(part)[i];
                double error = Float.compare(g, w) == 0 ? 0 : Math.abs((double) g - w) / largest;
                if (!Double.isNaN(worst) && !(error <= worst)) { // the worst of all is NaN
                    worst = error;
                    where = (part == 0 ? "value" : "gradient " + (part - 1)) + ", number " + i + " of "
                            + want.get(part).length + ": got " + g + ", want " + w;
                }
            }
        }
        return new Outcome(what, worst, limit, where);
    }

    /** The value, then the gradient of every input. */
    private static List<float[]> numbers(OpCase tested, Backend backend, Precision precision) {
        RandomGenerator random = new SplittableRandom(~SEED);
        List<float[]> numbers = new ArrayList<>();
        try (Scope _ = backend.scope(precision)) {
            Tensor[] leaves = tested.leaves(backend, true, tested.draw(SEED));
            Tensor y = tested.formula().of(leaves);
            float[] dy = new float[y.shape().size()];
            for (int i = 0; i < dy.length; i++) {
                dy[i] = (float) random.nextGaussian();
            }
            Gradients gradients = y.backward(NdArray.of(backend, y.shape(), dy));
            numbers.add(y.value().toArray());
            for (Tensor leaf : leaves) {
                numbers.add(gradients.of(leaf).toArray());
            }
        }
        return numbers;
    }
}
