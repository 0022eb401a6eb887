package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdMath.LANES;
import static org.safeclip.tensor.cpu.SimdMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.BroadcastShape;

/**
 * Functions of two numbers, element by element. Loops over three arrays with a shift between them are vectorised by
 * hand: the compiler does so itself only where all indices are the same.
 */
final class SimdZips {
    private SimdZips() {}

    /** Whether this class implements the function: ADD, SUB, MUL, DIV and RELU_GRADIENT. */
    static boolean knows(Binary f) {
        return switch (f) {
            case ADD, SUB, MUL, DIV, RELU_GRADIENT, TANH_GRADIENT, SIGMOID_GRADIENT -> true;
            case GELU_GRADIENT, GELU_TANH_GRADIENT, QUICK_GELU_GRADIENT -> false;
        };
    }

    /** y[o, c, i] = f(a[o, c, i], b[c]) for a function of {@link #knows}. */
    static void zip(Binary f, BroadcastShape s, float[] a, float[] b, float[] y) {
        if (s.outer() == 1 && s.inner() == 1) {
            Parallel.rows(s.count(), 1024, s.count() / 2, (from, to) -> run(f, from, to, a, b, 0, y));
        } else if (s.inner() == 1) {
            Parallel.rows(s.outer(), 1, s.size() / 2, (from, to) -> {
                for (int o = from; o < to; o++) {
                    run(f, o * s.count(), (o + 1) * s.count(), a, b, -o * s.count(), y);
                }
            });
        } else {
            Parallel.rows(s.outer() * s.count(), 1, s.size() / 2, (from, to) -> {
                for (int r = from; r < to; r++) {
                    one(f, r * s.inner(), (r + 1) * s.inner(), a, b[r % s.count()], y);
                }
            });
        }
    }

    /** y[i] = f(a[i], b[i + shift]). */
    private static void run(Binary f, int from, int to, float[] a, float[] b, int shift, float[] y) {
        switch (f) {
            case ADD -> add(from, to, a, b, shift, y);
            case SUB -> sub(from, to, a, b, shift, y);
            case MUL -> mul(from, to, a, b, shift, y);
            case DIV -> div(from, to, a, b, shift, y);
            case RELU_GRADIENT -> reluGradient(from, to, a, b, shift, y);
            case TANH_GRADIENT -> tanhGradient(from, to, a, b, shift, y);
            case SIGMOID_GRADIENT -> sigmoidGradient(from, to, a, b, shift, y);
            case GELU_GRADIENT, GELU_TANH_GRADIENT, QUICK_GELU_GRADIENT -> throw new IllegalArgumentException(f.name());
        }
    }

    /** y[i] = f(a[i], b). */
    private static void one(Binary f, int from, int to, float[] a, float b, float[] y) {
        switch (f) {
            case ADD -> {
                for (int i = from; i < to; i++) {
                    y[i] = a[i] + b;
                }
            }
            case SUB -> {
                for (int i = from; i < to; i++) {
                    y[i] = a[i] - b;
                }
            }
            case MUL -> {
                for (int i = from; i < to; i++) {
                    y[i] = a[i] * b;
                }
            }
            case DIV -> {
                for (int i = from; i < to; i++) {
                    y[i] = a[i] / b;
                }
            }
            case RELU_GRADIENT -> {
                for (int i = from; i < to; i++) {
                    y[i] = a[i] > 0 ? b : 0;
                }
            }
            case TANH_GRADIENT -> {
                for (int i = from; i < to; i++) {
                    y[i] = b * (1 - a[i] * a[i]);
                }
            }
            case SIGMOID_GRADIENT -> {
                for (int i = from; i < to; i++) {
                    y[i] = b * a[i] * (1 - a[i]);
                }
            }
            case GELU_GRADIENT, GELU_TANH_GRADIENT, QUICK_GELU_GRADIENT -> throw new IllegalArgumentException(f.name());
        }
    }

    private static void add(int from, int to, float[] a, float[] b, int shift, float[] y) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i)
                    .add(FloatVector.fromArray(SPECIES, b, i + shift))
                    .intoArray(y, i);
        }
        for (; i < to; i++) {
            y[i] = a[i] + b[i + shift];
        }
    }

    private static void sub(int from, int to, float[] a, float[] b, int shift, float[] y) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i)
                    .sub(FloatVector.fromArray(SPECIES, b, i + shift))
                    .intoArray(y, i);
        }
        for (; i < to; i++) {
            y[i] = a[i] - b[i + shift];
        }
    }

    private static void mul(int from, int to, float[] a, float[] b, int shift, float[] y) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i)
                    .mul(FloatVector.fromArray(SPECIES, b, i + shift))
                    .intoArray(y, i);
        }
        for (; i < to; i++) {
            y[i] = a[i] * b[i + shift];
        }
    }

    private static void div(int from, int to, float[] a, float[] b, int shift, float[] y) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i)
                    .div(FloatVector.fromArray(SPECIES, b, i + shift))
                    .intoArray(y, i);
        }
        for (; i < to; i++) {
            y[i] = a[i] / b[i + shift];
        }
    }

    /** y[i] = a[i] > 0 ? b[i + shift] : 0. */
    static void reluGradient(int from, int to, float[] a, float[] b, int shift, float[] y) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector slope = FloatVector.fromArray(SPECIES, b, i + shift);
            VectorMask<Float> positive = FloatVector.fromArray(SPECIES, a, i).compare(VectorOperators.GT, 0f);
            FloatVector.zero(SPECIES).blend(slope, positive).intoArray(y, i);
        }
        for (; i < to; i++) {
            y[i] = a[i] > 0 ? b[i + shift] : 0;
        }
    }

    private static void tanhGradient(int from, int to, float[] a, float[] b, int shift, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = b[i + shift] * (1 - a[i] * a[i]);
        }
    }

    private static void sigmoidGradient(int from, int to, float[] a, float[] b, int shift, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = b[i + shift] * a[i] * (1 - a[i]);
        }
    }
}
