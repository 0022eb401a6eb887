package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.export.TensorBoard;
import org.safeclip.experiments.report.ReportData;
import org.safeclip.experiments.report.RunReport;
import org.safeclip.experiments.run.CheckpointFiles;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.Metrics;
import org.safeclip.experiments.run.RunFolder;
import org.safeclip.experiments.run.RunIdentity;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.experiments.run.RunLock;
import org.safeclip.experiments.run.TrainingRun;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.CommunicatorUnavailable;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code train}: trains one method on the embedded images or the user's pairs, clean or poisoned. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Trains one model on the embedded images or your own (--data) and saves it as DIR/checkpoint.safetensors.",
            "Also writes DIR/report.html, metrics.jsonl and config.toml, and trust.csv if the method splits the pairs."
        })
final class TrainCommand implements Callable<Integer> {
    private static final String CHECKPOINT = "checkpoint.safetensors";

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = "safeclip",
            description =
                    "training method: clip, clip-plain, clip-dedup, clip-agreement, roclip, cleanclip, safeclip or"
                            + " safeclip-agreement (default:"
                            + " ${DEFAULT-VALUE})")
    private String methodName = MethodCatalogue.SAFECLIP;

    @Option(
            names = "--attack",
            paramLabel = "NAME",
            defaultValue = "none",
            description = "poison the pairs first, such as targeted or badnet; repeat to combine attacks (default:"
                    + " none)")
    private List<String> attack = List.of();

    @Option(
            names = "--from",
            paramLabel = "CHECKPOINT",
            description = "for cleanclip: checkpoint of a finished clip run with equal settings, to start from")
    private @Nullable Path from;

    @Mixin
    private ProcessOptions processOptions = new ProcessOptions();

    @ParentCommand
    private Main main = new Main();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, BackendUnavailable, CommunicatorUnavailable {
        return processOptions.share(main.job(), spec, RunOptions.HOW_TO_RESUME, this::train);
    }

    private void train(Communicator processes) throws IOException, BackendUnavailable {
        ExperimentConfig config = options.config("tiny");
        options.checkpointInterval(); // refused before anything is read
        MethodCatalogue.Entry method = MethodCatalogue.STANDARD.named(methodName);
        List<String> attacks = AttackCatalogue.STANDARD.parse(attack);
        boolean first = processes.isFirst();
        PrintWriter out = first ? spec.commandLine().getOut() : new PrintWriter(Writer.nullWriter());
        try (Backend backend = options.open(processes)) {
            String what = "train --method " + method.name();
            if (first) {
                options.refuseOtherRun(what, config, attacks);
            }
            Dataset dataset = Experiment.dataset(config);
            Terminal terminal = Terminal.ofProcess();
            dataset.remarks().forEach(line -> Wrapped.print(line, terminal, out));
            Experiment experiment = Experiment.of(config, dataset, attacks);
            experiment.attackLines().forEach(line -> Wrapped.print(line, terminal, out));
            TrainingRun.refuseImpossible(experiment, method);
            Path file = options.out().resolve(CHECKPOINT);
            if (processes.size() > 1) {
                out.println("each batch is shared by " + processes.size() + " processes");
            }
            if (first) {
                RunIdentity.refuseOther(file, experiment, method);
                writing(what, experiment, method, backend, file, processes, out);
            } else {
                train(experiment, method, backend, file, Metrics.unwritten(), RunListener.NONE, processes);
            }
        }
    }

    /** Trains in the process that writes into the run folder; all input has been checked. */
    @SuppressWarnings("try") // lock and notice are there to be closed
    private void writing(
            String what,
            Experiment experiment,
            MethodCatalogue.Entry method,
            Backend backend,
            Path file,
            Communicator processes,
            PrintWriter out)
            throws IOException {
        try (RunLock lock = options.prepare(what, experiment.config(), AttackCatalogue.STANDARD.parse(attack));
                InterruptNotice notice =
                        options.interruptNotice(spec.commandLine().getErr());
                Metrics metrics =
                        Metrics.open(options.out().resolve("metrics.jsonl"), CheckpointFiles.metricsBytes(file));
                Progress progress = new Progress(out, Terminal.ofProcess(), List.of(Workload.of(experiment, method)));
                LiveRun live = options.live(experiment, progress, out);
                TensorBoard board = options.tensorBoard()) {
            train(experiment, method, backend, file, metrics, LiveRun.listener(progress, live, board), processes);
            RunReport report = new RunReport(RunFolder.open(options.out()), experiment);
            ReportData shown = report.write(backend);
            out.println("Checkpoint: " + Printable.text(file.toString()));
            out.println("Report: " + Printable.text(report.file().toString()));
            out.flush();
            LiveRun.end(live, shown);
        }
    }

    private void train(
            Experiment experiment,
            MethodCatalogue.Entry method,
            Backend backend,
            Path file,
            Metrics metrics,
            RunListener listener,
            Communicator processes)
            throws IOException {
        TrainingRun training = new TrainingRun(experiment, method, backend, file, metrics, listener, processes);
        options.saving(training);
        training.resumeIfSaved();
        if (from != null && training.isNew()) {
            training.startFrom(from);
        }
        training.run();
    }
}
