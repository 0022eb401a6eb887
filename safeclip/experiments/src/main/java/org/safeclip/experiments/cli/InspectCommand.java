package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.safeclip.experiments.dataset.Inspection;
import org.safeclip.experiments.source.SourceCatalogue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code inspect}: what a set of pairs holds, without training on it. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Reads pairs of your own and reports their format, numbers and sizes, duplicates, captions, and every"
                    + " problem by kind.",
            "Nothing is trained or written."
        })
final class InspectCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "PLACE",
            description = "a file, a folder, or a pattern such as shards/{000..331}.tar; the format is recognised")
    private String data = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Inspection.of(SourceCatalogue.STANDARD.open(data)).lines().forEach(line -> out.println(Printable.text(line)));
        out.flush();
        return 0;
    }
}
