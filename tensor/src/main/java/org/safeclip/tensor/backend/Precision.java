package org.safeclip.tensor.backend;

/**
 * How exactly a device may compute matrix products. It rounds the operands only: both are float32 in memory, products
 * are summed in float32, and so is the result. All other kernels compute in float32 always.
 */
public enum Precision {
    /** 24 significant bits, as stored. */
    FLOAT32(24),
    /** TensorFloat-32: 11 significant bits, the range of float32. */
    TF32(11),
    /** bfloat16: 8 significant bits, the range of float32. */
    BFLOAT16(8);

    private final int significantBits;

    Precision(int significantBits) {
        this.significantBits = significantBits;
    }

    /** Largest relative error of an operand rounded to the nearest: half of its last bit. */
    public double rounding() {
        return Math.scalb(1.0, -significantBits);
    }
}
