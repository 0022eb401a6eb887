package org.safeclip.tensor.backend;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** Finds and opens the backends on the module or class path. */
public final class Backends {
    private static final Logger LOG = System.getLogger(Backends.class.getName());

    private Backends() {}

    /** All providers present, highest rank first. */
    public static List<BackendProvider> providers() {
        List<BackendProvider> found = new ArrayList<>();
        ServiceLoader.load(BackendProvider.class).forEach(found::add);
        found.sort(Comparator.comparingInt(BackendProvider::rank).reversed());
        return List.copyOf(found);
    }

    /**
     * Opens a backend by name.
     *
     * @throws BackendUnavailable if there is none of that name, listing the known names, or if it cannot open
     */
    public static Backend open(String name) throws BackendUnavailable {
        return provider(name).open();
    }

    /**
     * Opens a backend by name on one of its devices.
     *
     * @param device number counted from 0, or part of its name
     * @throws BackendUnavailable if there is none of that name, listing the known names, or if it cannot open
     */
    public static Backend open(String name, String device) throws BackendUnavailable {
        return provider(name).open(device);
    }

    /** Compares names only: a provider's rank may have to query its devices, which takes time. */
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
     * Opens the best backend that can open. If a better one cannot, the reason is logged as a warning.
     *
     * @throws BackendUnavailable if none can, with the reason of each
     */
    public static Backend best() throws BackendUnavailable {
        List<String> reasons = new ArrayList<>();
        for (BackendProvider provider : providers()) {
            try {
                Backend opened = provider.open();
                for (String reason : reasons) {
                    LOG.log(Level.WARNING, "using " + provider.name() + ", not " + reason);
                }
                return opened;
            } catch (BackendUnavailable e) {
                reasons.add(provider.name() + ": " + e.getMessage());
            }
        }
        throw new BackendUnavailable("no backend can open: " + String.join("; ", reasons));
    }
}
