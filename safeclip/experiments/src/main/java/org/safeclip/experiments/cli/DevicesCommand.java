package org.safeclip.experiments.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.safeclip.settings.Settings;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.DeviceInfo;
import org.safeclip.tensor.backend.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code devices}: lists the backends and devices, and why one is not available. */
@Command(
        name = "devices",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the backends, best first, with the device of each or the reason why it is not available.",
            "If a backend has several devices, each is tested and described; its number can be given to --device."
        })
final class DevicesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        boolean any = false;
        for (BackendProvider provider : Backends.providers()) {
            String name = String.format("%-8s ", provider.name());
            try (Backend backend = provider.open()) {
                out.println(name + backend.describe() + ", products in " + precisions(backend));
                any = true;
            } catch (BackendUnavailable e) {
                out.println(name + "not available: " + e.getMessage());
            }
            List<DeviceInfo> devices = provider.devices();
            for (int i = 0; i < devices.size(); i++) {
                out.println("  device " + i + ": " + devices.get(i).name());
                devices.get(i).facts().forEach(fact -> out.println("    " + fact));
                out.println("    " + trial(provider, Integer.toString(i)));
            }
        }
        out.flush();
        return any ? 0 : Failure.FAILED;
    }

    /** What training.precision can be without falling back. */
    private static String precisions(Backend backend) {
        return Arrays.stream(Precision.values())
                .filter(precision -> backend.products(precision) == precision)
                .map(Settings::choice)
                .collect(Collectors.joining(", "));
    }

    /** Opens a device, because some drivers list devices that they cannot use. */
    private static String trial(BackendProvider provider, String device) {
        try (Backend backend = provider.open(device)) {
            return "works, products in " + precisions(backend);
        } catch (BackendUnavailable e) {
            return "does not work: " + e.getMessage();
        }
    }
}
