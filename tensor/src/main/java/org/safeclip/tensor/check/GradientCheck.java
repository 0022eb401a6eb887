package org.safeclip.tensor.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Scope;

/**
 * Compares gradients with finite differences: for every input x and a random direction u of signs, the central
 * difference of fourth order, (8·(f(x + hu) − f(x − hu)) − (f(x + 2hu) − f(x − 2hu))) / 12h, against ∇f·u, where f = Σ
 * w·tanh(y / s) of the value y under test, w random, so that the incoming gradient differs from number to number.
 *
 * <p>The error is relative to ‖∇f‖, the size ∇f·u has on average over directions, so that a direction which happens to
 * lie along a level line does no harm. f is computed on the host in double precision: what is measured is y alone. The
 * plain difference of second order would be wrong by as much as the limit where few numbers carry the gradient; this
 * one leaves little but the rounding of float32. A wrong coefficient of GELU shows at least 1e-3 in one of five
 * directions.
 */
public final class GradientCheck {
    /** Largest relative error allowed. */
    public static final double LIMIT = 5e-4;

    private static final int SEEDS = 5;
    private static final float STEP = 1e-2f;
    /** Relative rounding error of a float32 after a few operations. */
    private static final double ROUNDING = 0x1p-22;

    private final OpCase tested;
    private final Backend backend;
    private double worst;
    private String where = "nowhere";

    private GradientCheck(OpCase tested, Backend backend) {
        this.tested = tested;
        this.backend = backend;
    }

    /** Checks the gradient of every input with five seeds. */
    public static Outcome run(OpCase tested, Backend backend) {
        GradientCheck check = new GradientCheck(tested, backend);
        for (long seed = 1; seed <= SEEDS; seed++) {
            check.seed(seed);
        }
        return new Outcome("gradient of " + tested + " on " + backend.name(), check.worst, LIMIT, check.where);
    }

    private void seed(long seed) {
        float[][] x = tested.draw(seed);
        RandomGenerator random = new SplittableRandom(~seed);
        try (Scope _ = backend.scope()) {
            Tensor[] leaves = tested.leaves(backend, true, x);
            Tensor y = tested.formula().of(leaves);
            Behind behind = Behind.draw(random, y.value().toArray());
            float[] dy = behind.gradient(y.value().toArray());
            double noise = ROUNDING * norm(product(dy, y.value().toArray()));
            Gradients gradients = y.backward(NdArray.of(backend, y.shape(), dy));
            for (int i = 0; i < x.length; i++) {
                NdArray gradient = gradients.of(leaves[i]);
                if (!gradient.shape().equals(leaves[i].shape())) {
                    note(Double.NaN, "gradient of shape " + gradient.shape() + " for input " + i);
                    return;
                }
                float[] signs = new float[gradient.shape().size()];
                for (int j = 0; j < signs.length; j++) {
                    signs[j] = random.nextBoolean() ? 1 : -1;
                }
                Line line = new Line(x, i, signs);
                float[] slopes = gradient.toArray();
                double predicted = line.predicted(slopes);
                double measured = line.measured(behind);
                // Below the noise of y there is nothing to compare.
                double size = Math.max(Math.abs(predicted), Math.max(STEP * norm(slopes), noise / LIMIT));
                double error = size == 0 ? Math.abs(measured) : Math.abs(predicted - measured) / size;
                note(
                        error,
                        String.format(
                                Locale.ROOT,
                                "seed %d, input %d: predicted %.7g, measured %.7g",
                                seed,
                                i,
                                predicted,
                                measured));
            }
        }
    }

    /** One input moving along signs, with the weights of the difference: h·f′ = Σ weight · f(at a multiple of h). */
    private final class Line {
        private static final int[] MULTIPLES = {1, -1, 2, -2};
        private static final double[] WEIGHTS = {8 / 12.0, -8 / 12.0, -1 / 12.0, 1 / 12.0};

        private final float[][][] points = new float[MULTIPLES.length][][];
        private final int input;

        Line(float[][] x, int input, float... signs) {
            this.input = input;
            for (int p = 0; p < points.length; p++) {
                points[p] = x.clone();
                points[p][input] = x[input].clone();
                for (int j = 0; j < signs.length; j++) {
                    points[p][input][j] += STEP * MULTIPLES[p] * signs[j];
                }
            }
        }

        /** What the gradient promises, for the steps float32 really made and not those asked for. */
        double predicted(float... slopes) {
            double sum = 0;
            for (int p = 0; p < points.length; p++) {
                for (int j = 0; j < slopes.length; j++) {
                    sum += WEIGHTS[p] * slopes[j] * points[p][input][j];
                }
            }
            return sum;
        }

        double measured(Behind behind) {
            double sum = 0;
            for (int p = 0; p < points.length; p++) {
                sum += WEIGHTS[p] * behind.of(value(points[p]));
            }
            return sum;
        }
    }

    private void note(double error, String place) {
        if (!Double.isNaN(worst) && !(error <= worst)) { // the worst of all is NaN
            worst = error;
            where = place;
        }
    }

    private float[] value(float[]... numbers) {
        try (Scope _ = backend.scope()) {
            return tested.formula()
                    .of(tested.leaves(backend, false, numbers))
                    .value()
                    .toArray();
        }
    }

    private static float[] product(float[] a, float... b) {
        float[] products = a.clone();
        for (int i = 0; i < a.length; i++) {
            products[i] *= b[i];
        }
        return products;
    }

    private static double norm(float... v) {
        double squares = 0;
        for (float each : v) {
            squares += (double) each * each;
        }
        return Math.sqrt(squares);
    }

    /** The function behind the value: Σ w·tanh(y / s), with s the root mean square of y where that is above 1. */
    private record Behind(double[] w, double s) {
        static Behind draw(RandomGenerator random, float... y) {
            double[] w = new double[y.length];
            Arrays.setAll(w, i -> random.nextGaussian());
            return new Behind(w, Math.max(1, norm(y) / Math.sqrt(Math.max(1, y.length))));
        }

        double of(float... y) {
            double sum = 0;
            for (int i = 0; i < w.length; i++) {
                sum += w[i] * Math.tanh(y[i] / s);
            }
            return sum;
        }

        float[] gradient(float... y) {
            float[] dy = new float[y.length];
            for (int i = 0; i < w.length; i++) {
                double t = Math.tanh(y[i] / s);
                dy[i] = (float) (w[i] * (1 - t * t) / s);
            }
            return dy;
        }
    }
}
