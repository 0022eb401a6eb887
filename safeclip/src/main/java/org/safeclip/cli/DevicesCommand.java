package org.safeclip.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code devices}: what can compute here, and why something else cannot. */
@Command(
        name = "devices",
        mixinStandardHelpOptions = true,
        description = "Lists the backends, best first, with the device of each or the reason why it cannot open.")
final class DevicesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        boolean any = false;
        for (BackendProvider provider : Backends.providers()) {
            try (Backend backend = provider.open()) {
                out.printf("%-8s %s%n", provider.name(), backend.describe());
                any = true;
            } catch (BackendUnavailable e) {
                out.printf("%-8s not available: %s%n", provider.name(), e.getMessage());
            }
        }
        out.flush();
        return any ? 0 : Main.FAULT;
    }
}
