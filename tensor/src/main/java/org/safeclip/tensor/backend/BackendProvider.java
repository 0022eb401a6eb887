package org.safeclip.tensor.backend;

/** How a backend is found: a service that knows its name, how much it is to be preferred, and how to open itself. */
public interface BackendProvider {
    /** Name for the command line, such as {@code scalar}, {@code simd}, {@code opencl}. */
    String name();

    /** Preference: the default is the openable provider of highest rank. */
    int rank();

    /**
     * Opens the backend.
     *
     * @throws BackendUnavailable with the reason, where this machine cannot have it
     */
    Backend open() throws BackendUnavailable;
}
