package org.safeclip.tensor.backend;

/** Functions of two numbers, applied element by element by {@link Kernels#zip}. */
public enum Binary {
    /** a + b. */
    ADD,
    /** a − b. */
    SUB,
    /** a·b. */
    MUL,
    /** a / b. */
    DIV,
    /** b if a &gt; 0, else 0: a is the input of {@link Unary#RELU}, b the incoming gradient. */
    RELU_GRADIENT,
    /** b·GELU′(a): a is the input of {@link Unary#GELU}, b the incoming gradient. */
    GELU_GRADIENT,
    /** b·GELU′(a) in the tanh form: a is the input of {@link Unary#GELU_TANH}, b the incoming gradient. */
    GELU_TANH_GRADIENT,
    /** b·f′(a) for f(a) = a·σ(1.702a): a is the input of {@link Unary#QUICK_GELU}, b the incoming gradient. */
    QUICK_GELU_GRADIENT,
    /** b·(1 − a²): a is the value of {@link Unary#TANH}, b the incoming gradient. */
    TANH_GRADIENT,
    /** b·a(1 − a): a is the value of {@link Unary#SIGMOID}, b the incoming gradient. */
    SIGMOID_GRADIENT
}
