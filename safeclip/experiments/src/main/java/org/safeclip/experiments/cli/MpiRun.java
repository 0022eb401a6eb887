package org.safeclip.experiments.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.safeclip.settings.InvalidInputException;

/** Starts this program again as several processes, with {@code mpirun} of Open MPI or MPICH. */
final class MpiRun {
    /** System property with the path of the launcher script, set by it. */
    private static final String LAUNCHER = "org.safeclip.launcher";

    /** The option with the number of processes. */
    static final String OPTION = "--processes";

    private static final String JAVA_OPTIONS = "SAFECLIP_JAVA_OPTS";

    private MpiRun() {}

    /**
     * Runs the program in {@code processes} processes and waits for them.
     *
     * @param arguments those of this process
     * @return the exit code
     * @throws InvalidInputException if they cannot be started
     */
    static int start(int processes, List<String> arguments) throws IOException {
        String launcher = System.getProperty(LAUNCHER, "");
        if (launcher.isEmpty()) {
            throw new InvalidInputException(
                    OPTION + " " + processes + " needs the launcher bin/safeclip, which was not used; start"
                            + " the processes yourself with mpirun -n " + processes);
        }
        List<String> command = new ArrayList<>(List.of("mpirun", "-n", Integer.toString(processes), launcher));
        command.addAll(withoutOption(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        prepare(builder.environment(), processes, Runtime.getRuntime().availableProcessors());
        Process started;
        try {
            started = builder.start();
        } catch (IOException e) {
            throw new InvalidInputException(
                    OPTION + " " + processes
                            + " needs mpirun, which is not on the path; install Open MPI (openmpi-bin) or MPICH",
                    e);
        }
        Thread hook = Thread.ofPlatform().unstarted(started::destroy);
        Runtime.getRuntime().addShutdownHook(hook); // if only this process is stopped
        try {
            return started.waitFor();
        } catch (InterruptedException e) {
            started.destroy();
            Thread.currentThread().interrupt();
            return Failure.FAILED;
        }
    }

    /** The arguments without the option and its value. */
    static List<String> withoutOption(List<String> arguments) {
        List<String> left = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).equals(OPTION)) {
                i++; // its value
            } else if (!arguments.get(i).startsWith(OPTION + "=")) {
                left.add(arguments.get(i));
            }
        }
        return left;
    }

    /**
     * Options for Open MPI: start more processes than cores, also for root, do not bind a process to one core, and do not explain
     * at length that one has failed. MPICH does all this by default. The cores are divided among the processes.
     */
    static void prepare(Map<String, String> environment, int processes, int cores) {
        environment.put("OMPI_ALLOW_RUN_AS_ROOT", "1");
        environment.put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        environment.put("OMPI_MCA_rmaps_base_oversubscribe", "1");
        environment.put("OMPI_MCA_hwloc_base_binding_policy", "none");
        environment.put("OMPI_MCA_orte_execute_quiet", "1");
        environment.put("PRTE_MCA_rmaps_default_mapping_policy", ":oversubscribe");
        environment.put("PRTE_MCA_hwloc_default_binding_policy", "none");
        String options = environment.getOrDefault(JAVA_OPTIONS, "");
        if (!options.contains("-Dorg.safeclip.threads=")) {
            environment.put(
                    JAVA_OPTIONS, (options + " -Dorg.safeclip.threads=" + Math.max(1, cores / processes)).strip());
        }
    }
}
