package org.safeclip.tensor;

/**
 * Shapes that do not fit; the message names the operation and the shapes.
 *
 * <p>It is a fault of the program that calls, never of a user's input, so it is no {@link IllegalArgumentException}: code that
 * takes sizes from a settings file or a checkpoint checks them first and refuses them with an exception of its own.
 */
public final class ShapeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Takes the whole message. */
    public ShapeException(String message) {
        super(message);
    }
}
