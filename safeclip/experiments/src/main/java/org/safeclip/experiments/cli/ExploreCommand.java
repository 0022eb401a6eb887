package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.safeclip.experiments.report.Numbers;
import org.safeclip.experiments.run.RunFolder;
import org.safeclip.experiments.serve.Explorer;
import org.safeclip.experiments.serve.LocalServer;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explore}: a search page over the models of a run. */
@Command(
        name = "explore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Opens a search page over the models of a run, side by side: type words and see the nearest pictures, choose a"
                    + " picture and see its nearest words.",
            "The page is served to this machine only, until Ctrl-C."
        })
final class ExploreCommand implements Callable<Integer> {
    /** Shown until the models are loaded; it reloads until then. */
    private static final String LOADING = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
            + "<meta http-equiv=\"refresh\" content=\"2\"><title>SafeCLIP: loading</title></head>"
            + "<body><main><h1>The pictures are being embedded</h1></main></body></html>";

    @Parameters(index = "0", paramLabel = "DIR", description = "folder of demo or train")
    private Path folder = Path.of("");

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "port of the page; 0 for any that is free (default: ${DEFAULT-VALUE})")
    private int port;

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, BackendUnavailable {
        RunFolder run = RunFolder.open(folder);
        PrintWriter out = spec.commandLine().getOut();
        try (LocalServer server = new LocalServer(Serving.port(port));
                Backend backend = device.open()) {
            server.answer("/", _ -> LocalServer.Content.html(LOADING));
            Explorer explorer = new Explorer(run, backend);
            explorer.serveOn(server);
            out.println(Numbers.count(explorer.size(), "picture") + " to search: " + server.address());
            Serving.untilInterrupted(out);
        }
        return 0;
    }
}
