package org.safeclip.tensor.backend;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    /** The devices to choose from, in the order of their numbers; none where there is no choice. */
    default List<DeviceInfo> devices() {
        return List.of();
    }

    /**
     * Opens the backend on one of its devices.
     *
     * @param device its number in {@link #devices}, counted from 0, or words of its name
     * @throws BackendUnavailable with the reason, where it cannot be had or is no device of this backend
     */
    default Backend open(String device) throws BackendUnavailable {
        throw new BackendUnavailable(name() + " has no devices to choose from; leave --device out");
    }

    /**
     * Measures which sizes of the kernels suit a device, and keeps them for the next time it is opened.
     *
     * @param device as for {@link #open(String)}; null for the one that would be opened without a name
     * @param line told of every finding
     * @throws BackendUnavailable with the reason, where there is no such device or nothing to tune
     */
    default void tune(@Nullable String device, Consumer<String> line) throws BackendUnavailable {
        throw new BackendUnavailable(name() + " has nothing to tune");
    }
}
