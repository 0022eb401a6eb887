package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.BackendProvider;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tune}: tunes the kernels for a device. */
@Command(
        name = "tune",
        mixinStandardHelpOptions = true,
        description = {
            "Tunes the tile sizes of the matrix product on a device and saves the best in the user's cache folder.",
            "Takes a few minutes. Tuning is optional: the default sizes work on every device."
        })
final class TuneCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--device",
            paramLabel = "N|NAME",
            description = "number or words of the name, see the command devices (default: the first that is not a"
                    + " CPU, else the first)")
    private @Nullable String device;

    @Override
    public Integer call() throws BackendUnavailable {
        PrintWriter out = spec.commandLine().getOut();
        for (BackendProvider provider : Backends.providers()) {
            if (!provider.devices().isEmpty()) {
                provider.tune(device, line -> {
                    out.println(line);
                    out.flush();
                });
                return 0;
            }
        }
        throw new BackendUnavailable("no backend has a device to tune here; see the command devices");
    }
}
