package org.safeclip.tensor.backend;

/** Functions of one number, applied to every element by {@link Kernels#map}. */
public enum Unary {
    /** −x. */
    NEG,
    /** eˣ. */
    EXP,
    /** ln x. */
    LOG,
    /** √x. */
    SQRT,
    /** tanh x. */
    TANH,
    /** σ(x) = 1 / (1 + e⁻ˣ). */
    SIGMOID,
    /** max(x, 0). */
    RELU,
    /** x·Φ(x), Φ the normal distribution function: the exact form of GELU (Hendrycks and Gimpel 2016). */
    GELU,
    /** ½x(1 + tanh(√(2/π)(x + 0.044715x³))): the tanh approximation of GELU. */
    GELU_TANH,
    /** x·σ(1.702x): the GELU approximation of OpenAI's CLIP. */
    QUICK_GELU
}
