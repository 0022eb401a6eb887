package org.safeclip.tensor.backend;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A service that opens one kind of backend; found with {@link java.util.ServiceLoader}. */
public interface BackendProvider {
    /** Name on the command line, such as {@code scalar}, {@code simd}, {@code opencl}. */
    String name();

    /** Preference: the default backend is the provider of highest rank that can open. */
    int rank();

    /**
     * Opens the backend.
     *
     * @throws BackendUnavailable with the reason, if this machine does not support it
     */
    Backend open() throws BackendUnavailable;

    /** The devices to choose from, by number from 0; empty where there is no choice. */
    default List<DeviceInfo> devices() {
        return List.of();
    }

    /**
     * Opens the backend on one of its devices.
     *
     * @param device its number in {@link #devices}, counted from 0, or part of its name
     * @throws BackendUnavailable with the reason, if it cannot open or is no device of this backend
     */
    default Backend open(String device) throws BackendUnavailable {
        throw new BackendUnavailable(name() + " has no devices to choose from; leave --device out");
    }

    /**
     * Measures which kernel tile sizes are fastest on a device and stores them for the next time it is opened.
     *
     * @param device its number in {@link #devices} or part of its name; null for the default device
     * @param line receives one line of text per result
     * @throws BackendUnavailable with the reason, if there is no such device or nothing to tune
     */
    default void tune(@Nullable String device, Consumer<String> line) throws BackendUnavailable {
        throw new BackendUnavailable(name() + " has nothing to tune");
    }
}
