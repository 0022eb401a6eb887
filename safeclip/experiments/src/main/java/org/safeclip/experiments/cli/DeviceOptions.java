package org.safeclip.experiments.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import picocli.CommandLine.Option;

/** Options that choose the backend and its device. */
final class DeviceOptions {
    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description = "compute backend, see the command devices (default: the best available)")
    private @Nullable String backend;

    @Option(
            names = "--device",
            paramLabel = "N|NAME",
            description = "device of the backend: its number or words of its name, see the command devices"
                    + " (default: the first that is not a CPU, else the first); with --processes a list such as 0,1: each"
                    + " process of a machine takes the next")
    private @Nullable String device;

    Backend open() throws BackendUnavailable {
        return open(Communicator.alone());
    }

    /** Opens the backend; one of several processes takes its part of a list of devices. */
    Backend open(Communicator processes) throws BackendUnavailable {
        if (device == null) {
            return backend == null ? Backends.best() : Backends.open(backend);
        }
        String own = device;
        if (processes.size() > 1) {
            List<String> listed = List.of(device.split(",", -1));
            own = listed.get(processes.localRank() % listed.size()).strip();
        }
        return Backends.open(backend == null ? backendWithDevices() : backend, own);
    }

    /** The default backend for {@code --device}: the first that has devices to choose from. */
    private static String backendWithDevices() throws BackendUnavailable {
        for (BackendProvider provider : Backends.providers()) {
            if (!provider.devices().isEmpty()) {
                return provider.name();
            }
        }
        throw new BackendUnavailable("no backend has devices to choose from here; leave --device out");
    }
}
