package org.safeclip.nn.io;

/** The element types of a safetensors file. */
public enum DType {
    /** 64-bit float. */
    F64(8),
    /** 32-bit float. */
    F32(4),
    /** 16-bit float, IEEE 754. */
    F16(2),
    /** bfloat16: the upper half of a 32-bit float. */
    BF16(2),
    /** 64-bit integer. */
    I64(8),
    /** 32-bit integer. */
    I32(4),
    /** 16-bit integer. */
    I16(2),
    /** 8-bit integer. */
    I8(1),
    /** Unsigned 8-bit integer. */
    U8(1),
    /** Boolean in one byte, 0 or 1. */
    BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Whether this is a floating-point type. */
    public boolean isFloat() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }
}
