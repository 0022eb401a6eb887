package org.safeclip.mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Map;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.CommunicatorProvider;
import org.safeclip.nn.parallel.CommunicatorUnavailable;

/**
 * Connects processes that {@code mpirun} or a cluster's launcher started. Open MPI's processes find each other through variables
 * that begin with OMPI or PMIX, those of MPICH and its relatives through PMI; the library must be that of the launcher.
 */
public final class MpiProvider implements CommunicatorProvider {
    /** System property with the name or path of the library, where it is not in the usual places. */
    static final String LIBRARY = "org.safeclip.mpi";

    private static final List<String> OPEN_MPI = List.of("libmpi.so.40", "libmpi.so", "libmpi.dylib");
    private static final List<String> MPICH = List.of("libmpich.so.12", "libmpi.so.12", "libmpi.dylib");

    private final Map<String, String> environment;

    /** The provider for this process. */
    public MpiProvider() {
        this(System.getenv());
    }

    /** A provider for a process with these variables. */
    MpiProvider(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public String name() {
        return "mpi";
    }

    @Override
    public boolean launched() {
        return byOpenMpi() || environment.containsKey("PMI_RANK");
    }

    private boolean byOpenMpi() {
        return environment.containsKey("OMPI_COMM_WORLD_RANK") || environment.containsKey("PMIX_RANK");
    }

    /** Names of the library that suits the launcher, in the order in which they are tried. */
    List<String> candidates() {
        String named = System.getProperty(LIBRARY, "");
        if (!named.isEmpty()) {
            return List.of(named);
        }
        return byOpenMpi() ? OPEN_MPI : MPICH;
    }

    @Override
    @SuppressWarnings("restricted") // the module is granted native access
    public Communicator open() throws CommunicatorUnavailable {
        MpiLibrary.leaveSignalsToTheJvm();
        for (String name : candidates()) {
            SymbolLookup library;
            try {
                library = SymbolLookup.libraryLookup(name, Arena.global());
            } catch (IllegalArgumentException e) {
                continue; // not there, or not for this processor
            }
            if (library.find("MPI_Init_thread").isPresent()) {
                return new MpiCommunicator(new MpiLibrary(library));
            }
        }
        throw new CommunicatorUnavailable("started as one of several processes by "
                + (byOpenMpi() ? "Open MPI" : "MPICH or a relative") + ", but its library is not found (tried "
                + String.join(", ", candidates()) + "); install it, or name it with -D" + LIBRARY + "=FILE");
    }
}
