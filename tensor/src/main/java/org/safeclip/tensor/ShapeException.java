package org.safeclip.tensor;

/** Shapes that do not fit; the message names the operation and the shapes. */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Takes the whole message. */
    public ShapeException(String message) {
        super(message);
    }
}
