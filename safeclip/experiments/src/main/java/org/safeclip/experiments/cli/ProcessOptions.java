package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.CommunicatorUnavailable;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option of commands whose work several processes can share. */
final class ProcessOptions {
    @Option(
            names = MpiRun.OPTION,
            paramLabel = "K",
            defaultValue = "1",
            description =
                    "share the work among K processes, started with mpirun (Open MPI or MPICH); with several machines start"
                            + " mpirun -n K bin/safeclip ... yourself (default: ${DEFAULT-VALUE})")
    private int count = 1;

    /** What a command does in each process. */
    @FunctionalInterface
    interface Work {
        /** Does the part of one process. */
        void in(Communicator processes) throws IOException, BackendUnavailable;
    }

    /**
     * Does the work of a command in this process, with the others of its job; or starts the command again as several processes
     * and waits for them.
     *
     * @param remedy what to do after a process has died
     * @return the exit code
     */
    int share(Job job, CommandSpec spec, String remedy, Work work)
            throws IOException, BackendUnavailable, CommunicatorUnavailable {
        if (count < 1) {
            throw new InvalidInputException("--processes is " + count + ", expected at least 1");
        }
        Communicator processes = job.join();
        if (count > 1 && processes.size() == 1) {
            job.leave();
            return start(spec, remedy);
        }
        if (count > 1 && processes.size() != count) {
            throw new InvalidInputException("--processes is " + count + ", but mpirun has started " + processes.size()
                    + "; leave --processes out");
        }
        work.in(processes);
        job.leave();
        return 0;
    }

    private int start(CommandSpec spec, String remedy) throws IOException {
        int code =
                MpiRun.start(count, spec.root().commandLine().getParseResult().originalArgs());
        if (code != 0 && code != Failure.FAILED && code != Failure.BAD_INPUT) { // else a process has said why
            PrintWriter err = spec.commandLine().getErr();
            err.println("safeclip: a process has died (mpirun ended with code " + code + "); " + remedy);
            err.flush();
            return Failure.FAILED;
        }
        return code;
    }
}
