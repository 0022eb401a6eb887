package org.safeclip.tensor.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** Finds backends among the services on the path. */
public final class Backends {
    private Backends() {}

    /** All providers present, best rank first. */
    public static List<BackendProvider> providers() {
        List<BackendProvider> found = new ArrayList<>();
        ServiceLoader.load(BackendProvider.class).forEach(found::add);
        found.sort(Comparator.comparingInt(BackendProvider::rank).reversed());
        return List.copyOf(found);
    }

    /**
     * Opens the backend of that name.
     *
     * @throws BackendUnavailable if there is none of that name, with the names there are, or if it cannot open
     */
    public static Backend open(String name) throws BackendUnavailable {
        return provider(name).open();
    }

    /**
     * Opens the backend of that name on one of its devices.
     *
     * @param device number or name, see {@link BackendProvider#open(String)}
     * @throws BackendUnavailable if there is none of that name, with the names there are, or if it cannot open
     */
    public static Backend open(String name, String device) throws BackendUnavailable {
        return provider(name).open(device);
    }

    /** By name alone: no other provider is asked anything, for a rank may take a look at the devices. */
    private static BackendProvider provider(String name) throws BackendUnavailable {
        List<String> names = new ArrayList<>();
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            if (provider.name().equals(name)) {
                return provider;
            }
            names.add(provider.name());
        }
        throw new BackendUnavailable("no backend named '" + name + "'; there are " + String.join(", ", names));
    }

    /**
     * Opens the best backend that can open.
     *
     * @throws BackendUnavailable if none can, with every reason
     */
    public static Backend best() throws BackendUnavailable {
        List<String> reasons = new ArrayList<>();
        for (BackendProvider provider : providers()) {
            try {
                return provider.open();
            } catch (BackendUnavailable e) {
                reasons.add(provider.name() + ": " + e.getMessage());
            }
        }
        throw new BackendUnavailable("no backend can open: " + String.join("; ", reasons));
    }
}
