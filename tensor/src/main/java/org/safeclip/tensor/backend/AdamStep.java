package org.safeclip.tensor.backend;

/**
 * The constants of one AdamW step (Loshchilov and Hutter 2019).
 *
 * @param rate learning rate of this step
 * @param decay weight decay, decoupled: p shrinks by {@code rate · decay · p}
 * @param beta1 memory of the first moment
 * @param beta2 memory of the second moment
 * @param epsilon added to the root of the second moment
 * @param step number of this step, from 1, for the bias correction
 */
public record AdamStep(float rate, float decay, float beta1, float beta2, float epsilon, int step) {
    /** 1 − β₁ᵗ. */
    public double correction1() {
        return 1 - Math.pow(beta1, step);
    }

    /** 1 − β₂ᵗ. */
    public double correction2() {
        return 1 - Math.pow(beta2, step);
    }
}
