package org.safeclip.tensor.cpu;

import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.Unary;

/** The formulas behind the enums, in double precision. */
final class ScalarMath {
    private static final double ROOT_2_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final double TANH_CUBE = 0.044715;
    private static final double QUICK = 1.702;

    private ScalarMath() {}

    static double apply(Unary f, double x) {
        return switch (f) {
            case NEG -> -x;
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> sigmoid(x);
            case RELU -> Math.max(x, 0);
            case GELU -> x * normalCdf(x);
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(ROOT_2_OVER_PI * (x + TANH_CUBE * x * x * x)));
            case QUICK_GELU -> x * sigmoid(QUICK * x);
        };
    }

    static double apply(Binary f, double a, double b) {
        return switch (f) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case RELU_GRADIENT -> a > 0 ? b : 0;
            case GELU_GRADIENT -> b * (normalCdf(a) + a * Math.exp(-a * a / 2) / Math.sqrt(2 * Math.PI));
            case GELU_TANH_GRADIENT -> {
                double t = Math.tanh(ROOT_2_OVER_PI * (a + TANH_CUBE * a * a * a));
                yield b * (0.5 * (1 + t) + 0.5 * a * (1 - t * t) * ROOT_2_OVER_PI * (1 + 3 * TANH_CUBE * a * a));
            }
            case QUICK_GELU_GRADIENT -> {
                double s = sigmoid(QUICK * a);
                yield b * (s + QUICK * a * s * (1 - s));
            }
            case TANH_GRADIENT -> b * (1 - a * a);
            case SIGMOID_GRADIENT -> b * a * (1 - a);
        };
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** Φ(x) = ½ erfc(−x/√2). */
    static double normalCdf(double x) {
        return 0.5 * erfc(-x / Math.sqrt(2));
    }

    /**
     * The complementary error function: its Taylor series ∑ (−1)ⁿ x²ⁿ⁺¹ / (n!(2n+1)) near zero, Lentz's continued
     * fraction beyond, where the series would cancel.
     */
    static double erfc(double x) {
        if (x < 0) {
            return 2 - erfc(-x);
        }
        if (x < 2) {
            double term = x;
            double sum = x;
            for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return 1 - 2 / Math.sqrt(Math.PI) * sum;
        }
        double tail = 0; // e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 1½/(x + ...))))
        for (int n = 60; n >= 1; n--) {
            tail = n / 2.0 / (x + tail);
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + tail);
    }

    static double dot(float[] a, int aFrom, float[] b, int bFrom, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) a[aFrom + i] * b[bFrom + i];
        }
        return sum;
    }

    /** ln Σ eˣ over a run, −∞ if every number is −∞. */
    static double logSumExp(float[] x, int from, int n) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + n; i++) {
            max = Math.max(max, x[i]);
        }
        if (max == Double.NEGATIVE_INFINITY) {
            return max;
        }
        double sum = 0;
        for (int i = from; i < from + n; i++) {
            sum += Math.exp(x[i] - max);
        }
        return max + Math.log(sum);
    }
}
