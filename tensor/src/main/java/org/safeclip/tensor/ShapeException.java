package org.safeclip.tensor;

/** Thrown when shapes do not fit an operation; the message names the operation and the shapes. */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** An exception with this message. */
    public ShapeException(String message) {
        super(message);
    }
}
