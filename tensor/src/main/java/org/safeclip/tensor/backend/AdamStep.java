package org.safeclip.tensor.backend;

/**
 * The constants of one AdamW step (Loshchilov and Hutter 2019).
 *
 * @param rate learning rate
 * @param decay weight decay, decoupled: p shrinks by {@code rate · decay · p}
 * @param beta1 β₁, decay rate of the first moment
 * @param beta2 β₂, decay rate of the second moment
 * @param epsilon added to the square root of the second moment
 * @param step number of this step, from 1, for the bias correction
 */
public record AdamStep(float rate, float decay, float beta1, float beta2, float epsilon, int step) {
    /** Bias correction 1 − β₁ᵗ of the first moment. */
    public double correction1() {
        return 1 - Math.pow(beta1, step);
    }

    /** Bias correction 1 − β₂ᵗ of the second moment. */
    public double correction2() {
        return 1 - Math.pow(beta2, step);
    }
}
