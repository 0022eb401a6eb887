package org.safeclip.settings;

import org.jspecify.annotations.Nullable;

/**
 * The caller or the user asked for something that cannot be done: a setting outside its range, a file of the wrong form, data that
 * do not go together. The message says in one line what is wrong, where, what was expected and how to mend it. Anything else that
 * is thrown is a fault of the program.
 */
public class InvalidInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** An error with its message for the user. */
    public InvalidInputException(String message) {
        super(message);
    }

    /**
     * An error with its message for the user and the exception it was found by.
     *
     * @param cause for a stack trace
     */
    public InvalidInputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
