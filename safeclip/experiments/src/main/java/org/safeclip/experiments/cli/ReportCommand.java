package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.safeclip.experiments.report.RunReport;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.RunFolder;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report}: writes the report of a run anew. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Writes DIR/report.html of a run, finished or not: a page with pictures and charts, in one file.",
            "The commands demo and train also write it at their end."
        })
final class ReportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "folder of demo or train")
    private Path folder = Path.of("");

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, BackendUnavailable {
        RunFolder run = RunFolder.open(folder);
        try (Backend backend = device.open()) {
            RunReport report = new RunReport(run, Experiment.of(run.config(), run.attacks()));
            report.write(backend);
            PrintWriter out = spec.commandLine().getOut();
            out.println("Report: " + Printable.text(report.file().toString()));
            out.flush();
        }
        return 0;
    }
}
